"""``corridor init`` and ``corridor edition``: what they write builds, and what they refuse leaves nothing."""

import json
from pathlib import Path

import pytest
import yaml

from conftest import edit, run_corridor
from corridor.paper import open_paper
from corridor.scaffold.new_edition import edition_text, quoted, title_of


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new paper that was built once, with a second edition."""
    folder = tmp_path_factory.mktemp("begun")
    run_corridor(folder, "init", "isles", "--title", "Boats: “A” & 'B' \\ C", expect=0)
    root = folder / "isles"
    run_corridor(root, "check", expect=0)
    run_corridor(root, "edition", "new", "northholm", "--countries", "XNH", expect=0)
    for slug in ("holms", "northholm"):
        run_corridor(root, "build", "--edition", slug, "--engine", "pandoc", "--quiet", expect=0)
    return root


def test_new_paper_builds(begun: Path) -> None:
    assert open_paper(begun).book["title"] == "Boats: “A” & 'B' \\ C"
    page = (begun / "site" / "holms" / "en" / "chapters" / "ferries.html").read_text(encoding="utf-8")
    for word in ("42,004", "the Holms", "Example 2025", "The islands compared", "Southholm", "+11.5"):
        assert word in page, word
    assert list((begun / "site" / "holms" / "en").glob("*.pdf"))
    assert (begun / ".gitignore").read_text(encoding="utf-8").startswith("/_build/")


def test_second_edition_of_a_new_paper(begun: Path) -> None:
    page = (begun / "site" / "northholm" / "en" / "chapters" / "ferries.html").read_text(encoding="utf-8")
    for word in ("21,233", "Northholm", "+15.3"):
        assert word in page, word
    for word in ("42,004", "The islands compared", "Southholm"):
        assert word not in page, word


def test_list(begun: Path) -> None:
    lines = run_corridor(begun, "edition", "list", expect=0).stdout.splitlines()
    head = ["edition", "language", "countries", "version", "state", "missing", "translated", "title"]
    assert lines[0].split() == head
    assert [line.split() for line in lines[1:]] == [
        ["holms", "en", "XNH", "XMH", "XSH", "0.1.0", "fresh", "0", "-", "The", "Holms"],
        ["northholm", "en", "XNH", "0.1.0", "fresh", "0", "-", "Northholm"],
    ]


def test_list_with_a_broken_edition(tmp_path: Path) -> None:
    run_corridor(tmp_path, "init", ".", expect=0)
    (tmp_path / "editions" / "bad.yml").write_text("title: Bad\n", encoding="utf-8")
    done = run_corridor(tmp_path, "edition", "list", expect=1)
    assert done.stdout.splitlines()[1].split()[:6] == ["holms", "en", "XNH", "XMH", "XSH", "-"]
    assert "not built" in done.stdout
    assert 'editions/bad.yml:1: the key "countries" is missing; add it' in done.stderr.splitlines()
    found = json.loads(run_corridor(tmp_path, "edition", "list", "--json", expect=1).stdout)
    assert [row["slug"] for row in found["editions"]] == ["holms"]
    assert found["editions"][0]["fresh"] is None
    assert {fault["file"] for fault in found["faults"]} == {"editions/bad.yml"}


def test_list_tells_what_is_stale(begun: Path) -> None:
    chapter = begun / "chapters" / "ferries.qmd"
    text = chapter.read_text(encoding="utf-8")
    try:
        chapter.write_text(text + "\nMore.\n", encoding="utf-8")
        lines = run_corridor(begun, "edition", "list", expect=0).stdout.splitlines()
    finally:
        chapter.write_text(text, encoding="utf-8")
    assert all(" stale " in line for line in lines[1:])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "Kaz --countries KAZ",
            'the name "Kaz" is not lower-case letters, digits and hyphens; did you mean "kaz"?',
        ),
        (
            "../kaz --countries KAZ",
            'the name "../kaz" is not lower-case letters, digits and hyphens; did you mean "kaz"?',
        ),
        ("region --countries KAZ", 'there is an edition "region" already; choose another name'),
        ("kaz --countries KZA", '"KZA" is not in data/areas.csv; did you mean "KAZ"?'),
        ("kaz --countries Kazakhstan", '"Kazakhstan" is not a country code; did you mean "KAZ"?'),
        ("kaz --countries KAZ,KAZ", '"KAZ" stands twice; keep one of them'),
        ("kaz --countries ,", "countries is not a list of different codes; write them in brackets"),
        (
            "kaz --countries CHN",
            'the partner "CHN" is one of the countries; name the other side of the trade',
        ),
        (
            "kaz --countries KAZ --languages en,en",
            '"en" stands twice; keep one of them',
        ),
        (
            "kaz --countries KAZ --languages en,de",
            'there are no catalogues for the language "de"; the languages',
        ),
        ("kaz --countries KAZ --languages Kazakh", '"Kazakh" is not a language; write a code such as en, ru'),
    ],
)
def test_new_edition_refused(paper: Path, arguments: str, message: str) -> None:
    before = sorted((paper / "editions").iterdir())
    done = run_corridor(paper, "edition", "new", *arguments.split(), expect=2)
    assert done.stdout == ""
    [told] = done.stderr.splitlines()
    assert told.startswith(message)
    assert sorted((paper / "editions").iterdir()) == before


def test_new_edition_of_a_broken_paper(paper: Path) -> None:
    edit(paper / "editions" / "region.yml", "partner:", "partnr:")
    done = run_corridor(paper, "edition", "new", "kaz", "--countries", "KAZ", expect=1)
    assert 'editions/region.yml:3: unknown key "partnr"; did you mean "partner"?' in done.stderr


def test_new_edition_explains_every_key(paper: Path) -> None:
    """The keys that are commented out are those that may stand in the file, as they would stand there."""
    from corridor.edition_file import CHOICES, OPTIONAL, REQUIRED

    text = edition_text(title="A: B", countries=["KAZ"], partner="CHN", years=(2019, 2021), languages=["en"])
    assert yaml.safe_load(text) == {
        "title": "A: B",
        "countries": ["KAZ"],
        "partner": "CHN",
        "years": {"first": 2019, "last": 2021},
        "languages": ["en"],
    }
    head, optional = text.split("# What follows is optional.")
    lines = [line.removeprefix("# ") for line in optional.splitlines() if line.startswith("#")]
    values = yaml.safe_load(
        head + "\n".join(line for line in lines if ": " in f"{line} " and line[-1] != ".")
    )
    assert list(values) == [*REQUIRED, *OPTIONAL]
    assert {key: values[key] for key in CHOICES} == {key: words[0] for key, words in CHOICES.items()}


@pytest.mark.parametrize(
    "title", ["Plain", "A: B", "1984", "no", "“Q” 'q' \"q\" \\", "# a", "Ñandú, Кыргызстан"]
)
def test_quoted(title: str) -> None:
    assert yaml.safe_load(f"title: {quoted(title)}") == {"title": title}
    assert yaml.safe_load(f"titles: [{quoted(title)}]") == {"titles": [title]}


def test_title_of_an_edition(begun: Path) -> None:
    from corridor.data import open_package

    package = open_package(begun / "data")
    assert title_of(package, ["XMH"]) == "Midholm"
    assert title_of(package, ["XSH", "XNH", "XMH"]) == "The Holms"
    assert title_of(package, ["XNH", "XSH"]) == "Northholm and Southholm"


def test_init_refuses_a_folder_with_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = run_corridor(tmp_path, "init", ".", expect=2)
    assert "is not empty; name a new folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_init_takes_its_title_from_the_folder(tmp_path: Path) -> None:
    run_corridor(tmp_path, "init", "rain-and-shine", expect=0)
    assert open_paper(tmp_path / "rain-and-shine").book["title"] == "Rain and shine"
