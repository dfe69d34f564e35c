"""The catalogues of the reference paper: whole, and up to date with what they translate."""

import json
import shutil
from pathlib import Path

from conftest import ROOT, run_corridor


def copied(folder: Path) -> Path:
    root = folder / "paper"
    left = shutil.ignore_patterns(".*", "_build", "site", "src", "tests", "benchmarks", "__pycache__")
    shutil.copytree(ROOT, root, ignore=left)
    return root


def test_templates_are_up_to_date(tmp_path: Path) -> None:
    """Mend it with "corridor translate extract" and "corridor translate merge"."""
    root = copied(tmp_path)
    run_corridor(root, "translate", "extract", "--quiet", expect=0)
    run_corridor(root, "translate", "merge", "--quiet", expect=0)
    for file in sorted((ROOT / "locales").rglob("*.po*")):
        name = file.relative_to(ROOT)
        assert (root / name).read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), name


def test_translations_keep_what_the_source_has() -> None:
    done = run_corridor(ROOT, "translate", "check", expect=0)
    assert "no faults" in done.stdout


def test_what_is_translated() -> None:
    """Russian is whole; Kazakh and Kyrgyz speak in all exhibits."""
    done = run_corridor(ROOT, "translate", "status", "--json", expect=0)
    states = {(one["language"], one["catalogue"]): one for one in json.loads(done.stdout)}
    russian = [one for (language, _), one in states.items() if language == "ru"]
    assert sum(one["translated"] for one in russian) > 2000
    assert not [one for one in russian if one["missing"] or one["stale"]]
    for language in ("kk", "ky"):
        for name in ("trade", "swot", "policy", "ecommerce", "routes", "reconciliation"):
            one = states[language, f"analysis/{name}"]
            assert (one["missing"], one["stale"]) == (0, 0), one
