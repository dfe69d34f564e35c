"""`corridor doctor`."""

import os
import re
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from conftest import Corridor


def test_engines_and_packages(tmp_path: Path, corridor: Corridor) -> None:
    said = corridor(tmp_path, "doctor", expect=0).stdout
    assert f"corridor    {version('corridor')} on Python {sys.version.split()[0]}" in said
    assert re.search(r"^pandoc      3\.[\d.]+ \(embedded engine\)$", said, re.M)
    for name in ("typst", "pandas", "papermill", "duckdb"):
        assert re.search(rf"^{name} +{re.escape(version(name))}\b", said, re.M), name
    assert 'kernels     warm, forked (kernelspec "corridor")' in said.splitlines()
    assert "missing" not in said
    assert list(tmp_path.iterdir()) == []


def test_without_quarto(tmp_path: Path, corridor: Corridor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    lines = corridor(tmp_path, "doctor", expect=0).stdout.splitlines()
    assert "quarto      not on PATH (optional; 1.9 or newer would be used)" in lines
    assert "browser     none (needed only by the tests)" in lines
    assert lines[-1].startswith("a build here uses pypandoc_binary ")


def test_without_the_kernelspec(tmp_path: Path, corridor: Corridor, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "kernels" / "corridor"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text("{}")
    code = "import jupyter_core.paths as paths; paths.ENV_JUPYTER_PATH = []"
    (tmp_path / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    said = corridor(tmp_path, "doctor", expect=0).stdout
    assert 'kernels     plain (the kernelspec "corridor" is not installed: install Corridor again)' in said


@pytest.mark.parametrize(
    ("said", "engine"),
    [("1.8.25", "pypandoc_binary"), ("1.10.18", "quarto 1.10.18"), ("", "pypandoc_binary")],
)
def test_with_a_quarto(
    said: str, engine: str, tmp_path: Path, corridor: Corridor, monkeypatch: pytest.MonkeyPatch
) -> None:
    quarto = tmp_path / "quarto"
    quarto.write_text(f"#!{shutil.which('sh')}\necho {said}\n")
    quarto.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    lines = corridor(tmp_path, "doctor", expect=0).stdout.splitlines()
    assert lines[-1].startswith(f"a build here uses {engine}")
    if said:
        assert f"quarto      {said}" in lines
