"""Words are ours: no run of eight words of the paper stands in a source."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RUN = 8
"""Words from which a run that also stands in a source is taken for a copy."""

# Proper names and titles of works that are longer than that; names only, never a statement.
NAMES: list[str] = []


def words(text: str) -> list[str]:
    """Return the words of a text in lower case; what stands between them does not count."""
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower().replace("’", "'"))


def runs(text: str, length: int = RUN) -> Iterator[tuple[str, ...]]:
    found = words(text)
    for start in range(len(found) - length + 1):
        yield tuple(found[start : start + length])


def shared(texts: dict[str, str], sources: dict[str, str], names: list[str]) -> list[str]:
    """Return the runs that texts and sources have in common, each grown to its full length.

    Runs wholly within one of `names` are allowed.
    """
    known: dict[tuple[str, ...], str] = {}
    for source, content in sources.items():
        for run in runs(content):
            known.setdefault(run, source)
    allowed = {run for name in names for run in runs(name)}
    found = []
    for place, text in texts.items():
        all_words = words(text)
        start = None
        for number, run in enumerate([*runs(text), ()]):
            copied = run in known and run not in allowed
            if copied and start is None:
                start = number
            elif not copied and start is not None:
                copy = all_words[start : number - 1 + RUN]
                found.append(f"{place} = {known[tuple(copy[:RUN])]}: {' '.join(copy)}")
                start = None
    return found


# Settings at the top, comments, shortcodes, blocks of code.
OVER_LINES = re.compile(r"\A---\n.*?\n---\n|<!--.*?-->|\{\{<.*?>\}\}|```.*?```", re.S)


def without_markup(text: str) -> str:
    """Return a chapter's words: no code, shortcodes, attributes, targets of links, or citations."""
    text = OVER_LINES.sub(" ", text)
    text = re.sub(r"\{[#.][^{}\n]*\}|\]\([^()\n]*\)|-?@[\w:-]+|^:::+.*$", " ", text, flags=re.M)
    return re.sub(r"[*_`\[\]#>|]", " ", text)


def pieces(text: str) -> list[str]:
    """Return paragraphs, items of lists and cells of tables: no run leads from one to the next."""
    found = re.split(r"\n\s*\n|\n(?=[ \t]*(?:[-*+:]|\d+\.)[ \t])|(?<=\S)[ \t]*\|", OVER_LINES.sub(" ", text))
    return [without_markup(piece) for piece in found]


def strings(content: object, place: str) -> Iterator[tuple[str, str]]:
    """Yield each text of a YAML file with its place."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from strings(value, f"{place} {key}")
    elif isinstance(content, list):
        for number, value in enumerate(content, start=1):
            name = value.get("id", number) if isinstance(value, dict) else number
            yield from strings(value, f"{place} {name}")
    elif isinstance(content, str):
        yield place, content


def texts_of_the_paper() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(ROOT.glob("data/*.yml")):
        found |= strings(yaml.safe_load(file.read_text(encoding="utf-8")), file.name)
    for file in [ROOT / "index.qmd", *sorted(ROOT.glob("chapters/**/*.qmd"))]:
        paragraphs = pieces(file.read_text(encoding="utf-8"))
        found |= {f"{file.name} paragraph {n}": text for n, text in enumerate(paragraphs, start=1)}
    for file in sorted(ROOT.glob("analysis/*.ipynb")):
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                found[f"{file.name} {cell['id']}"] = without_markup(source)
            else:  # the notes under exhibits are strings in code
                joined = re.sub(r"[\"']\s*\n\s*f?[\"']", "", source)
                found[f"{file.name} {cell['id']}"] = joined
    for file in sorted(ROOT.glob("data/*.csv")):
        # Notes are ours; what is printed is a token of the source.
        import pandas as pd

        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        for column in {"note", "title", "description", "summary", "reason"} & set(table.columns):
            found |= {
                f"{file.name}:{n} {column}": text for n, text in enumerate(table[column], start=2) if text
            }
    return found


def test_a_planted_run_is_found() -> None:
    source = {"s.txt": "Once. The quick brown fox jumps over\nthe lazy dog, it is said; and more."}
    copied = {"ours": "We say: “THE *quick* brown fox jumps, over the lazy dog” and go on."}
    expected = ["ours = s.txt: the quick brown fox jumps over the lazy dog"]
    assert shared({"ours": without_markup(copied["ours"])}, source, []) == expected
    # Eight words are a run, seven are none.
    assert shared({"ours": "quick brown fox jumps over the lazy dog"}, source, []) == [
        "ours = s.txt: quick brown fox jumps over the lazy dog"
    ]
    assert shared({"ours": "quick brown fox jumps over the lazy cat"}, source, []) == []
    # At the very end, and twice.
    both = {"ours": "over the lazy dog it is said and less; over the lazy dog it is said and"}
    assert len(shared(both, source, [])) == 2
    # A name is allowed, a run that leads out of it is not.
    name = ["Quick Brown Fox Jumps over the Lazy Dog"]
    assert shared({"ours": "quick brown fox jumps over the lazy dog"}, source, name) == []
    assert shared(copied, source, name) != []


def test_planted_markup_is_looked_through() -> None:
    text = "The [quick](a.qmd#b) **brown** fox [@key, p. 3]\n\n::: {.x}\n`jumps` {{< var x >}} over it {#x}"
    assert words(without_markup(text)) == words("The quick brown fox p. 3 jumps over it")


def test_no_run_leads_from_one_cell_or_item_to_the_next() -> None:
    text = (
        "A *first*\nline. <!-- not\n\nthis -->\n\n| UN | Nations |\n| US | States |\n\n"
        "- one\n  more\n- two\n\nAB\n:   Alpha | Beta\n"
    )
    found = [" ".join(words(piece)) for piece in pieces(text) if words(piece)]
    assert found == [
        "a first line",
        "un",
        "nations",
        "us",
        "states",
        "one more",
        "two",
        "ab",
        "alpha",
        "beta",
    ]


def test_texts_are_there() -> None:
    places = texts_of_the_paper()
    for part in (
        "swot.yml items kgz.south.threat.payments text",
        "index.qmd",
        "trade.ipynb title",
        "trade_flows.csv",
    ):
        assert any(place.startswith(part) for place in places), part
    assert sum(len(words(text)) for text in places.values()) > 10_000


def test_no_run_of_eight_words_is_a_sources() -> None:
    folder = os.environ.get("CORRIDOR_SOURCES")
    if not folder:
        pytest.skip("CORRIDOR_SOURCES does not name the folder of the source texts")
    sources = {file.name: file.read_text(encoding="utf-8") for file in sorted(Path(folder).glob("*.txt"))}
    assert sources, f"{folder} holds no .txt files"
    assert shared(texts_of_the_paper(), sources, NAMES) == []
