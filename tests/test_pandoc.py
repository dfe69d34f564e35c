"""Many documents at once by pandoc: the same as one by one, and only once."""

import json
from pathlib import Path

import pytest

from corridor import pandoc
from corridor.pandoc import PandocError, elements, text_of, walk
from corridor.store import Store

WIDE = "x " * 60
TEXTS = (
    "",
    "# Head {#here}\n\n# Head\n\nWords^[a note] and @work [see @work, p. 3; -@other].\n",
    "---\ntitle: A *title*\nabstract: |\n  Long.\n---\n\nText -- “quoted” 'so' $x^2$.\n",
    "a\tb\n\n\tcode\there\n\n```\n\tx\ty\n```\n\n`a\tb`\n",
    "one\r\ntwo\r\n\r\n```\r\n\tcode\r\n```\r\n",
    "日本\tв\n\n    日\tв\n",
    "\ufefftext\u2028more\x0c",
    f"| a | {WIDE}|\n|---|------|\n| 1 | {WIDE}|\n\n: Caption\n",
    f"+---+{'-' * 66}+\n| a | {'b' * 64} |\n+===+{'=' * 66}+\n| 1 | {'c' * 64} |\n+---+{'-' * 66}+\n",
    '`````{=html}\n<b>\n`````\n\n::: {.callout-note title="T"}\n`raw`{=corridor}\n:::\n',
    'Mail <me@example.org>, ~~struck~~ H~2~O, [words]{.claim if="a > b"}, USD 5 billion.\n',
    "```python\nx = 1\n```\n\n\\newline  \nbroken\n",
)
OPTIONS = {
    "wrap_text": "wrap-none",
    "html_math_method": "mathml",
    "highlight_method": "none",
    "html_q_tags": True,
}
FLAGS = ("--mathml", "--syntax-highlighting=none", "--html-q-tags")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def kept(store: Store, kind: str) -> int:
    return len(store.records(kind))


def test_read_as_one_by_one(store: Store) -> None:
    expected = [pandoc.read(text) for text in TEXTS]
    assert pandoc.read_all(TEXTS, store) == expected
    assert pandoc.read_all([*TEXTS[::-1], "new", TEXTS[1]], store) == [
        *expected[::-1],
        pandoc.read("new"),
        expected[1],
    ]
    assert kept(store, "syntax") == len(TEXTS) + 1


def test_nothing_to_read(store: Store) -> None:
    assert pandoc.read_all([], store) == []


def test_unreadable_text(store: Store) -> None:
    with pytest.raises(PandocError, match="YAML"):
        pandoc.read_all(["fine", "---\na: [b\n---\n"], store)
    assert kept(store, "syntax") == 0


def test_written_as_one_by_one(tmp_path: Path) -> None:
    # What a filter notes in one document, it does not know in the next.
    counting = tmp_path / "counting.lua"
    counting.write_text(
        "local n = 0\nfunction Str(s) n = n + 1; return pandoc.Str(s.text .. n .. FORMAT) end\n",
        encoding="utf-8",
    )
    documents = [pandoc.read(text) for text in TEXTS]
    for filters in ([], [counting]):
        flags = (*FLAGS, *(f"--lua-filter={one}" for one in filters))
        written = pandoc.write_each(documents, "html5", OPTIONS, filters)
        assert [f"{text}\n" for text in written] == [
            pandoc.write(one, "html5", *flags) or "\n" for one in documents
        ]
    counting.write_text(counting.read_text(encoding="utf-8").replace("n = 0", "n = 7"), encoding="utf-8")
    assert "Head8html5" in pandoc.write_each(documents, "html5", OPTIONS, [counting])[1]


def test_elements_in_the_order_of_the_text() -> None:
    tree = pandoc.read("# *A* b\n\n- c^[d *e*]\n\n| f |\n|---|\n| g |\n\n: h\n")
    texts = [text_of(node["c"]) for node in elements(tree["blocks"]) if node["t"] in ("Emph", "Plain")]
    assert texts == ["A", "c", "e", "h", "f", "g"]
    kinds = [node["t"] for node in elements(tree["blocks"][:2])]
    assert kinds == ["Header", "Emph", "BulletList", "Plain", "Note", "Para", "Emph"]


def test_walk_leaves_the_tree_as_it_was() -> None:
    tree = pandoc.read("A *b* [c *d*](e) f\n")
    before = json.dumps(tree)
    seen = []

    def change(node: pandoc.Node) -> list[pandoc.Node] | None:
        seen.append(node["t"])
        return [pandoc.string("x"), pandoc.string("y")] if node["t"] == "Emph" else None

    assert text_of(walk(tree["blocks"], change)) == "A xy c xy f"
    assert seen == ["Para", "Emph", "Link", "Emph"]
    assert json.dumps(tree) == before
