"""Tables and figures as notebooks show them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from lxml import html as lxml_html

from corridor import pandoc
from corridor.compute.run import run_notebook
from corridor.errors import PaperError
from corridor.exhibits import (
    MIME,
    NOT_AVAILABLE,
    Column,
    Entries,
    Exhibit,
    cell_label,
    collect,
    figure,
    table,
    unavailable,
)

HOSTILE = "<b>&amp;</b> *s* _u_ `c` $x$ [l](u) @k #h | \\ ~a~ ^b^ {{< x >}} \"q\" -- 'r'"

Show = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def show() -> Iterator[Show]:
    """Return a function that shows an exhibit in IPython and returns what it displayed."""
    InteractiveShell.instance()

    def run(function: Callable[..., None], *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        with capture_output() as captured:
            function(*args, **kwargs)
        return [output.data for output in captured.outputs]

    yield run
    InteractiveShell.clear_instance()


@pytest.fixture
def data() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": ["A", "A", "B"],
            "year": pd.array([2019, 2020, None], dtype="Int64"),
            "value": [1234567890.0, None, -4e6],
            "computed": [False, False, True],
            "source": ["two", "one", "two"],
            "locator": ["p. 1", "p. 2", "p. 3"],
        }
    )


@pytest.fixture
def bars(data: pd.DataFrame) -> Any:
    bars: Any = alt.Chart(data).mark_bar()
    return bars.encode(x="country", y="value")


def rows(bundle: dict[str, Any]) -> list[list[str]]:
    return [
        [cell.text_content() for cell in row]
        for row in lxml_html.fromstring(bundle["text/html"]).xpath("//tr")
    ]


def markdown_rows(bundle: dict[str, Any]) -> list[list[str]]:
    [node] = [n for n in pandoc.read(bundle["text/markdown"])["blocks"] if n["t"] == "Table"]
    bodies = [row for body in node["c"][4] for row in body[3]]
    return [[pandoc.text_of(cell[4]) for cell in row[1]] for row in [*node["c"][3][1], *bodies]]


VALUE = Column("value", "USD million", decimals=1, scale=1e6, derived="computed")


def test_table(show: Show, data: pd.DataFrame) -> None:
    columns = [Column("country", "Country"), Column("year", "Year"), VALUE]
    bundle, note = show(table, data, columns=columns, data=data, notes=["One.", "*Two*."])
    shown = [
        ["Country", "Year", "USD million"],
        ["A", "2019", "1,234.6"],
        ["A", "2020", NOT_AVAILABLE],
        ["B", NOT_AVAILABLE, "−4.0"],
    ]
    assert rows(bundle) == shown
    assert markdown_rows(bundle) == shown
    assert bundle["text/plain"] == "table: 3 rows of data"
    text = pandoc.text_of(pandoc.read(note["text/markdown"])["blocks"])
    assert text.startswith("Sources: @one, @two.")
    assert text.endswith("Notes: One. Two.")


def test_missing_and_derived_cells(show: Show, data: pd.DataFrame) -> None:
    bundle, _ = show(table, data, columns=[Column("country", "Country"), VALUE], data=data)
    cells = lxml_html.fromstring(bundle["text/html"]).xpath("//td")
    assert [cell.get("class") for cell in cells] == ["num", "num missing", "num derived"]
    assert cells[1].xpath("span/@aria-label") == ["not available"]
    assert bundle["text/markdown"].count("*") == 2
    emphasised = [n for n in pandoc.elements(pandoc.read(bundle["text/markdown"])) if n["t"] == "Emph"]
    assert [pandoc.text_of([n]) for n in emphasised] == ["−4.0"]


def test_unknown_whether_derived(show: Show, data: pd.DataFrame) -> None:
    data["computed"] = pd.array([True, None, None], dtype="boolean")
    bundle, _ = show(table, data, columns=[Column("country", "Country"), VALUE], data=data)
    classes = lxml_html.fromstring(bundle["text/html"]).xpath("//td/@class")
    assert classes == ["num derived", "num missing", "num"]


def test_row_heads(show: Show, data: pd.DataFrame) -> None:
    columns = [Column("country", "Country"), Column("year", "Year"), VALUE]
    one, _ = show(table, data, columns=columns, data=data)
    two, _ = show(table, data, columns=columns, data=data, row_heads=2)
    assert lxml_html.fromstring(one["text/html"]).xpath("//th[@scope='row']/text()") == ["A", "A", "B"]
    tree = lxml_html.fromstring(two["text/html"])
    assert [(th.text_content(), th.get("rowspan")) for th in tree.xpath("//th[@scope='rowgroup']")] == [
        ("A", "2"),
        ("B", "1"),
    ]
    assert [th.text_content() for th in tree.xpath("//th[@scope='row']")] == ["2019", "2020", NOT_AVAILABLE]
    assert [row[0] for row in markdown_rows(two)] == ["Country", "A", "", "B"]


def test_table_of_sentences(show: Show, data: pd.DataFrame) -> None:
    data["why"] = ["Short.", "A reason of many words, " * 10, "B"]
    columns = [Column("country", "Country"), Column("year", "Year"), Column("why", "Why")]
    bundle, _ = show(table, data, columns=columns, data=data)
    [shown] = lxml_html.fromstring(bundle["text/html"]).xpath("//table")
    assert shown.get("class") == "texts"  # which the style sheet stacks on a phone
    assert shown.xpath("tbody/tr[1]/td/@data-label") == ["Year", "Why"]
    # In print the sentences get what the short columns leave, and a short word is not broken.
    rule = bundle["text/markdown"].splitlines()[1]
    country, year, why = (len(part.strip()) for part in rule.strip("|").split("|"))
    assert why > 5 * year > 0
    assert country >= len("Country")


def test_numbers_stand_right(show: Show, data: pd.DataFrame) -> None:
    bundle, _ = show(table, data, columns=[Column("country", "Country"), VALUE], data=data)
    [node] = [n for n in pandoc.read(bundle["text/markdown"])["blocks"] if n["t"] == "Table"]
    assert [column[0]["t"] for column in node["c"][2]] == ["AlignDefault", "AlignRight"]
    assert lxml_html.fromstring(bundle["text/html"]).xpath("//th[@class='num']/text()") == ["USD million"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1,234.6"),
        ("ru", "1\u00a0234,6"),
        ("kk", "1\u00a0234,6"),
        ("de", "1.234,6"),
        ("ky", "1\u00a0234,6"),
    ],
)
def test_number_format(language: str, shown: str, show: Show, data: pd.DataFrame) -> None:
    bundle, _ = show(table, data, columns=[Column("country", "Country"), VALUE], data=data, language=language)
    assert rows(bundle)[1][1] == shown


def test_rounded_zero_has_no_sign(show: Show, data: pd.DataFrame) -> None:
    data["value"] = [-0.4, 0.04, -0.06]
    column = Column("value", "USD", decimals=0)
    bundle, _ = show(table, data, columns=[column], data=data, row_heads=0)
    assert rows(bundle) == [["USD"], ["0"], ["0"], ["0"]]


def test_escaping(show: Show, data: pd.DataFrame) -> None:
    data["country"] = [HOSTILE, "1. a\nb", "- c"]
    bundle, _ = show(table, data, columns=[Column("country", HOSTILE), VALUE], data=data)
    shown = [row[0] for row in rows(bundle)]
    assert shown == [HOSTILE, HOSTILE, "1. a\nb", "- c"]
    assert [row[0] for row in markdown_rows(bundle)] == [text.replace("\n", " ") for text in shown]


def test_empty_table(show: Show, data: pd.DataFrame) -> None:
    bundle, note = show(table, data[:0], columns=[Column("country", "Country"), VALUE], data=data[:0])
    assert rows(bundle) == [["Country", "USD million"]]
    assert bundle[MIME]["sources"] == []
    assert "Source" not in note["text/markdown"]


def test_figure(show: Show, data: pd.DataFrame, bars: Any) -> None:
    bundle, note = show(figure, bars, alt="Two bars", data=data, notes=["One."])
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/plain"] == "figure: 3 rows of data"
    assert bundle[MIME] == {
        "kind": "figure",
        "columns": ["country", "year", "value", "computed", "source", "locator"],
        "rows": [
            ["A", 2019, 1234567890.0, False, "two", "p. 1"],
            ["A", 2020, None, False, "one", "p. 2"],
            ["B", None, -4000000.0, True, "two", "p. 3"],
        ],
        "sources": ["two", "one"],
        "notes": ["One."],
        "alt": "Two bars",
    }
    assert "Notes: One." in note["text/markdown"]


def test_missing_column(show: Show, data: pd.DataFrame) -> None:
    columns = [
        Column("country", "C"),
        Column("price", "P"),
        Column("value", "V", decimals=1, derived="guessed"),
    ]
    with pytest.raises(ValueError, match="the frame has no column price, guessed; it has country, year"):
        show(table, data, columns=columns, data=data)


@pytest.mark.parametrize("words", ["", " \n"])
def test_empty_alt_text(words: str, show: Show, data: pd.DataFrame, bars: Any) -> None:
    with pytest.raises(ValueError, match="a figure needs an alt text"):
        show(figure, bars, alt=words, data=data)


def test_no_source_column(show: Show, data: pd.DataFrame, bars: Any) -> None:
    plain = data.drop(columns="source")
    with pytest.raises(ValueError, match="need a source column"):
        show(figure, bars, alt="Bars", data=plain)
    with pytest.raises(ValueError, match="need a source column"):
        show(table, data, columns=[VALUE], data=plain)


def test_rows_without_a_source(show: Show, data: pd.DataFrame) -> None:
    data["source"] = ["", None, "one"]
    bundle, _ = show(table, data, columns=[VALUE], data=data, row_heads=0)
    assert bundle[MIME]["sources"] == ["one"]


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("#| label: flows\nx", "flows"),
        ("#| echo: false\n#|label:  flows \nx", "flows"),
        ("x\n#| label: flows", None),
        ("# label: flows", None),
        ("", None),
    ],
)
def test_cell_label(source: str, label: str | None) -> None:
    assert cell_label(source) == label


def test_collect(built: Path) -> None:
    notebook = nbformat.read(built / "_build/region/en/analysis/trade.ipynb", as_version=4)
    found = collect(notebook)
    assert {label: (exhibit.kind, exhibit.label) for label, exhibit in found.items()} == {
        "flows": ("table", "flows"),
        "volume": ("figure", "volume"),
    }
    flows = found["flows"]
    assert flows.sources == ["alpha2020", "beta2021"]
    assert flows.notes == ["As *printed*."]
    assert len(flows.rows) == 6
    assert flows.rows[0][:5] == ["CHN", "KAZ", "export", 2019, 1500000000.0]


def write_notebook(folder: Path, shown: str) -> Path:
    sources = {
        "parameters": "last: int = 1",
        "data": (
            "import pandas as pd\nfrom corridor.exhibits import Column, table\n"
            "frame = pd.DataFrame({'n': range(last), 'source': 'one'})\n"
            "columns = [Column('n', 'N', decimals=0)]"
        ),
        "shown": f"#| label: shown\n{shown}",
    }
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in sources.items()]
    cells[0].metadata["tags"] = ["parameters"]
    file = folder / "n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


def test_in_a_kernel(tmp_path: Path) -> None:
    file = write_notebook(tmp_path, "table(frame, columns=columns, data=frame)")
    executed, _ = run_notebook(file, tmp_path, {"last": 2, "undeclared": 3})
    assert collect(executed) == {
        "shown": Exhibit(
            kind="table", columns=["n", "source"], rows=[[0, "one"], [1, "one"]], sources=["one"], notes=[]
        )
    }
    assert not [cell for cell in executed.cells if "undeclared" in cell.source]


def test_two_in_a_cell(tmp_path: Path) -> None:
    file = write_notebook(tmp_path, "table(frame, columns=columns, data=frame)\n" * 2)
    with pytest.raises(PaperError, match=r'n\.ipynb: cell "shown" shows 2 exhibits; give each'):
        run_notebook(file, tmp_path, {})


# --- lists in cells


def cells_of(bundle: dict[str, Any]) -> list[list[list[dict[str, Any]]]]:
    """Return the blocks of each cell of the body, as pandoc reads the Markdown."""
    blocks = pandoc.read(bundle["text/markdown"])["blocks"]
    assert [block["t"] for block in blocks] == ["Table"], "the Markdown is more or less than one table"
    return [[cell[4] for cell in row[1]] for body in blocks[0]["c"][4] for row in body[3]]


def listed(block: dict[str, Any]) -> list[str]:
    """Return the texts of a list's items, which must have one paragraph each."""
    items = block["c"] if block["t"] == "BulletList" else block["c"][1]
    assert all(len(item) == 1 and item[0]["t"] in ("Plain", "Para") for item in items)
    return [pandoc.text_of(item) for item in items]


def colspecs(bundle: dict[str, Any]) -> list[float]:
    [node] = pandoc.read(bundle["text/markdown"])["blocks"]
    return [width["c"] for _, width in node["c"][2]]


def entries_table(show: Show, *rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    frame = pd.DataFrame(list(rows))
    columns = [Column(name, name.title()) for name in frame]
    source = pd.DataFrame({"source": ["one"]})
    return show(table, frame, columns=columns, data=source, **options)[0]


TWO = Entries([("Visa", "None is needed."), ("", "No title"), ("No text", "")], head="Strengths")


def test_entries_as_text() -> None:
    assert str(TWO) == "Strengths\nVisa: None is needed.\nNo title\nNo text"
    assert str(Entries([("a", "b")])) == "a: b"


def test_entries_in_html(show: Show) -> None:
    steps = Entries([("First", "one"), ("", "two")], numbered=True)
    bundle = entries_table(show, {"name": "A", "items": TWO, "steps": steps})
    [first, second] = lxml_html.fromstring(bundle["text/html"]).xpath("//td")
    assert first.xpath("p[@class='entries-head']/text()") == ["Strengths"]
    assert [item.text_content() for item in first.xpath("ul/li")] == [
        "Visa: None is needed.", "No title", "No text",
    ]  # fmt: skip
    assert first.xpath("ul/li/strong/text()") == ["Visa:", "No text"]
    assert not first.xpath("ol")
    assert [item.text_content() for item in second.xpath("ol/li")] == ["First: one", "two"]
    assert not second.xpath("ul | p")


def test_entries_are_escaped_in_html(show: Show) -> None:
    bundle = entries_table(show, {"name": "A", "items": Entries([(HOSTILE, HOSTILE)], head=HOSTILE)})
    [cell] = lxml_html.fromstring(bundle["text/html"]).xpath("//td")
    assert cell.xpath("p")[0].text_content() == HOSTILE
    assert cell.xpath("ul/li/strong")[0].text_content() == f"{HOSTILE}:"
    assert cell.xpath("ul/li")[0].text_content() == f"{HOSTILE}: {HOSTILE}"
    assert not cell.xpath(".//b")


def test_entries_in_markdown(show: Show) -> None:
    steps = Entries([("First", "one"), ("", "two")], numbered=True)
    bundle = entries_table(
        show,
        {"name": "A", "items": TWO, "steps": steps},
        {"name": "B", "items": Entries([("", "alone")]), "steps": "in words"},
    )
    [[name, items, counted], [other, alone, words]] = cells_of(bundle)
    assert [block["t"] for block in items] == ["Para", "BulletList"]
    assert items[0]["c"][0]["t"] == "Strong"
    assert pandoc.text_of(items[0]) == "Strengths"
    assert listed(items[1]) == ["Visa: None is needed.", "No title", "No text"]
    strong = [pandoc.text_of(n["c"]) for n in pandoc.elements(items[1]) if n["t"] == "Strong"]
    assert strong == ["Visa:", "No text"]
    assert [block["t"] for block in counted] == ["OrderedList"]
    assert counted[0]["c"][0][0] == 1
    assert listed(counted[0]) == ["First: one", "two"]
    assert [block["t"] for block in alone] == ["BulletList"]
    assert [pandoc.text_of(cell) for cell in (name, other, words)] == ["A", "B", "in words"]


@pytest.mark.parametrize(
    "text",
    [
        "a | b || c |",
        "+---+---+",
        "+===+ a + b",
        "*a* **b** _c_ * d",
        "2. second",
        "2) second",
        "a) letter",
        "(1) number",
        "iv. roman",
        "- dash",
        "* star",
        "+ plus",
        "# heading",
        "> quotation",
        ": definition",
        "| line block",
        "::: div",
        "~~~ code",
        "| a | b |\n|---|---|",
        "---",
        "[x]: y",
        "ends in a backslash \\",
        "қазақша, кыргызча, тоҷикӣ – “quoted” ‘so’ …",
        "word " * 60 + "end",
        "x" * 300,
        HOSTILE,
    ],
)
@pytest.mark.parametrize("numbered", [False, True])
def test_text_of_entries_survives(text: str, numbered: bool, show: Show) -> None:
    # As a title, as a text behind one, and at the beginning of an item, where a list could begin.
    items = [("", text), ("T", text), (text, "t"), ("", "plain")]
    bundle = entries_table(
        show, {"name": text, "items": Entries(items, head=text, numbered=numbered), "note": "short"}
    )
    [[name, [head, block], note]] = cells_of(bundle)
    flat = " ".join(text.split())
    assert pandoc.text_of(name) == flat
    assert pandoc.text_of(head) == flat
    assert block["t"] == ("OrderedList" if numbered else "BulletList")
    assert listed(block) == [flat, f"T: {flat}", f"{flat}: t", "plain"]
    assert pandoc.text_of(note) == "short"


@pytest.mark.parametrize("text", ["新疆 Xinjiang", "Cafe\u0301 noir"])
def test_wide_and_combining_characters(text: str, show: Show) -> None:
    bundle = entries_table(show, {"name": "A", "items": Entries([("", text)]), "note": "short"})
    [[name, [block], note]] = cells_of(bundle)
    assert [pandoc.text_of(name), *listed(block), pandoc.text_of(note)] == ["A", text, "short"]


def test_many_entries_are_counted(show: Show) -> None:
    bundle = entries_table(
        show, {"name": "A", "items": Entries([("", f"step {n}") for n in range(1, 13)], numbered=True)}
    )
    [[_, [block]]] = cells_of(bundle)
    assert listed(block) == [f"step {n}" for n in range(1, 13)]


def test_cells_of_different_heights(show: Show) -> None:
    bundle = entries_table(
        show,
        {"one": Entries([("", "a")]), "two": Entries([("", "b"), ("", "c")], head="H"), "three": "d"},
        {"one": Entries([]), "two": "e", "three": Entries([("", "f")])},
    )
    [[one, two, three], [none, five, six]] = cells_of(bundle)
    assert [pandoc.text_of(cell) for cell in (one, three, none, five, six)] == ["a", "d", "", "e", "f"]
    assert listed(two[1]) == ["b", "c"]


def test_widths_of_columns_with_entries(show: Show) -> None:
    long = Entries([("", "many words of a long text " * 8)] * 3)
    bundle = entries_table(show, {"name": "Payments", "items": long, "cost": "low"})
    name, items, cost = colspecs(bundle)
    assert items > 3 * name > 0
    assert items > 3 * cost > 0
    # The longest words keep their room: "Payments" has eight letters of about ninety in a line.
    assert name >= 8 / 100
    assert name + items + cost <= 1 + 1e-9


def test_grid_keeps_numbers_right(show: Show) -> None:
    frame = pd.DataFrame({"items": [Entries([("", "a")])], "value": [1.5]})
    columns = [Column("items", "Items"), Column("value", "Value", decimals=1)]
    bundle, _ = show(table, frame, columns=columns, data=pd.DataFrame({"source": ["one"]}))
    [node] = pandoc.read(bundle["text/markdown"])["blocks"]
    assert [column[0]["t"] for column in node["c"][2]] == ["AlignDefault", "AlignRight"]
    assert lxml_html.fromstring(bundle["text/html"]).xpath("//td[@class='num']/text()") == ["1.5"]


def test_matrix(show: Show) -> None:
    long = Entries([("Long", "text of many words " * 20)], head="Long")
    short = Entries([("Short", "text")], head="Short")
    bundle = entries_table(
        show, {"helpful": short, "harmful": long}, {"helpful": short, "harmful": short}, row_heads=0
    )
    [shown] = lxml_html.fromstring(bundle["text/html"]).xpath("//table")
    assert shown.get("class") == "texts matrix"
    assert len(shown.xpath(".//td")) == 4
    assert colspecs(bundle) == pytest.approx([0.5, 0.5], abs=0.01)
    assert [[pandoc.text_of(cell[0]) for cell in row] for row in cells_of(bundle)] == [
        ["Short", "Long"],
        ["Short", "Short"],
    ]


def test_a_short_matrix_and_what_is_none(show: Show) -> None:
    def classes(*rows: dict[str, Any]) -> str | None:
        bundle = entries_table(show, *rows, row_heads=0)
        return lxml_html.fromstring(bundle["text/html"]).xpath("//table")[0].get("class")

    short = Entries([("", "a")])
    assert classes({"one": short, "two": short}) == "matrix"
    assert classes({"one": short, "two": "text"}) is None
    assert classes({"one": short, "two": short}, {"one": short, "two": None}) is None


def test_a_table_without_rows_is_no_matrix(show: Show, data: pd.DataFrame) -> None:
    bundle, _ = show(table, data[:0], columns=[Column("country", "Country"), VALUE], data=data[:0])
    assert lxml_html.fromstring(bundle["text/html"]).xpath("//table")[0].get("class") is None


def test_tables_of_words_are_stacked_and_sentences_get_room(show: Show) -> None:
    words = pd.DataFrame([{"name": "a" * 30, "items": "b" * 31}])
    columns = [Column("name", "Name"), Column("items", "Items")]
    source = pd.DataFrame({"source": ["a2020"], "locator": ["p. 1"]})

    def drawn(frame: pd.DataFrame) -> Any:
        return lxml_html.fromstring(show(table, frame, columns=columns, data=source)[0]["text/html"])

    assert drawn(words).get("class") == "texts"  # 61 characters side by side are too many for a phone
    assert drawn(words.assign(items="b" * 30)).get("class") is None
    sentence = drawn(words.assign(items="b" * 61))
    assert [cell.get("class") for cell in sentence.xpath(".//td")] == ["long"]


SOURCED = pd.DataFrame({"source": ["one"], "locator": ["p. 1"]})

BOUNDED = Column("value", "USD billion", 2, 1e9, low="low", high="high")


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (5.109e9, 6.391e9, "5.10–6.40"),  # outwards, never inwards
        (5.1e9 - 1, 6.4e9 + 1, "5.10–6.40"),  # the dust of a computation widens nothing
        (-10.76e9, -10.604e9, "−10.76 to −10.60"),
        (float("nan"), float("nan"), NOT_AVAILABLE),
        (0.0, float("inf"), NOT_AVAILABLE),
    ],
)
def test_a_cell_without_a_value_shows_its_bounds(show, low, high, text) -> None:
    frame = pd.DataFrame({"year": [2019], "value": [None], "low": [low], "high": [high]})
    forms, _ = show(table, frame, columns=[Column("year", "Year"), BOUNDED], data=SOURCED)
    cell = lxml_html.fromstring(forms["text/html"]).xpath("//tbody//td")[0]
    assert cell.text_content() == text
    bounded = text != NOT_AVAILABLE
    assert ("bounds" in cell.get("class").split()) == bounded
    assert (cell.get("title") is not None) == bounded
    assert (f"*{text}*" in forms["text/markdown"]) == bounded


def test_a_value_goes_before_its_bounds(show) -> None:
    frame = pd.DataFrame({"year": [2019], "value": [5e9], "low": [4e9], "high": [6e9]})
    forms, _ = show(table, frame, columns=[Column("year", "Year"), BOUNDED], data=SOURCED)
    assert "5.00" in forms["text/markdown"]
    assert "–" not in forms["text/markdown"]


def test_bounds_that_are_one_number_are_one(show) -> None:
    frame = pd.DataFrame({"year": [2019], "value": [None], "low": [5e9], "high": [5e9]})
    forms, _ = show(table, frame, columns=[Column("year", "Year"), BOUNDED], data=SOURCED)
    assert "*5.00*" in forms["text/markdown"]


def test_what_is_not_there_says_why(show: Show):
    [shown] = show(unavailable, "No source prints it.")
    content = shown[MIME]
    assert (content["kind"], content["notes"], content["rows"]) == ("missing", ["No source prints it."], [])
    assert shown["text/markdown"] == "*Not available: No source prints it.*\n"
    with pytest.raises(ValueError, match="why"):
        unavailable(" ")


def test_what_is_not_there_is_an_exhibit_of_its_cell():
    cell = nbformat.v4.new_code_cell("#| label: products\n...")
    content: dict[str, Any] = {
        "kind": "missing",
        "columns": [],
        "rows": [],
        "sources": [],
        "notes": ["Why."],
        "alt": "",
    }
    cell.outputs = [nbformat.v4.new_output("display_data", data={MIME: content})]
    assert collect(nbformat.v4.new_notebook(cells=[cell]))["products"] == Exhibit(**content, label="products")
