"""Faults in the files of ``data/``: one whole message each, at the right line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import edit, run_corridor
from corridor.check.descriptor import check_descriptor
from corridor.check.tables import check_tables
from corridor.data import open_package
from corridor.errors import PaperError
from corridor.store import Store

FLOWS = "data/flows.csv"
AREAS = "data/areas.csv"
PACKAGE = "data/datapackage.json"

WORKS = {"alpha2020", "beta2021"}

HEADER = "reporter,partner,flow,year,value,rounding,printed,source,locator,note"
# The last row of the table, in line 7; a table of tests with one cell changed in it.
ROW = "CHN,KGZ,export,2021,310000000,1000000,$310 million,alpha2020,Table 1,"

NUMBER = "is not a number; write a plain number in base units, such as 14530000000 or 0.79"
YEAR = "is not a year; write four digits, such as 2018"
EMPTY = "the cell is empty; every row needs it"
TWICE = "(same reporter, partner, flow, year, source, locator); delete one, or tell them apart by locator"
UNCLOSED = (
    "a quotation mark in this row is not closed, or stands inside text; "
    'close it, or write "" for one inside quoted text'
)


def faults(root: Path) -> list[str]:
    """Return the faults of a paper's data, as `corridor check` looks for them."""
    folder, store = root / "data", Store(root / "store")
    try:
        found = check_descriptor(folder, root) or check_tables(open_package(folder), root, WORKS, store)
    except PaperError as error:
        found = list(error.faults)
    return [str(fault) for fault in found]


def row(**cells: str) -> str:
    """Return the last row with some cells changed."""
    return ",".join((dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | cells).values())


def test_small_paper_has_no_faults(paper: Path) -> None:
    assert faults(paper) == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"year": "20l8"}, f'year: "20l8" {YEAR}'),
        ({"year": "18"}, f'year: "18" {YEAR}'),
        ({"year": "2021.5"}, f'year: "2021.5" {YEAR}'),
        ({"year": " 2021"}, f'year: " 2021" {YEAR}'),
        ({"year": ""}, f"year: {EMPTY}"),
        ({"year": "1899"}, "year: 1899 is too small; write 1990 or more"),
        ({"year": "2210"}, "year: 2210 is too large; write 2100 or less"),
        ({"value": "31O000000"}, f'value: "31O000000" {NUMBER}'),
        ({"value": "310 000 000"}, f'value: "310 000 000" {NUMBER}'),
        ({"value": '"310,000,000"'}, f'value: "310,000,000" {NUMBER}'),
        ({"value": "310_000_000"}, f'value: "310_000_000" {NUMBER}'),
        ({"value": "3.1e8"}, f'value: "3.1e8" {NUMBER}'),
        ({"value": " 310000000"}, f'value: " 310000000" {NUMBER}'),
        ({"value": "NaN"}, f'value: "NaN" {NUMBER}'),
        ({"value": "snan"}, f'value: "snan" {NUMBER}'),
        ({"value": "inf"}, f'value: "inf" {NUMBER}'),
        ({"value": "-Infinity"}, f'value: "-Infinity" {NUMBER}'),
        ({"value": ""}, f"value: {EMPTY}"),
        (
            {"value": "300000000"},
            'value: 300000000 is not what "$310 million" says; write 310000000, or mend the printed token',
        ),
        (
            {"value": "-310000000"},
            'value: -310000000 is not what "$310 million" says; write 310000000, or mend the printed token',
        ),
        (
            {"value": "-310000000", "printed": "-$310 million"},
            "value: -310000000 is negative, and only a balance can be; mend the sign or the flow",
        ),
        (
            {"printed": "$0.31 billion"},
            'rounding: 1000000 is not what "$0.31 billion" says; write 10000000, or mend the printed token',
        ),
        ({"rounding": "NaN"}, f'rounding: "NaN" {NUMBER}'),
        ({"rounding": "-1000000"}, "rounding: -1000000 is too small; write 0 or more"),
        ({"rounding": ""}, f"rounding: {EMPTY}"),
        ({"flow": "exprt"}, 'flow: "exprt" is not one of the values allowed; did you mean "export"?'),
        ({"flow": "Export"}, 'flow: "Export" is not one of the values allowed; did you mean "export"?'),
        (
            {"flow": "sale"},
            'flow: "sale" is not one of the values allowed; write one of export, import, balance, turnover',
        ),
        ({"flow": ""}, f"flow: {EMPTY}"),
        ({"partner": "KZG"}, 'partner: "KZG" is not in data/areas.csv; did you mean "KGZ"?'),
        ({"partner": "kgz"}, 'partner: "kgz" is not in data/areas.csv; did you mean "KGZ"?'),
        ({"reporter": "CHX"}, 'reporter: "CHX" is not in data/areas.csv; did you mean "CHN"?'),
        ({"partner": "QQQ"}, 'partner: "QQQ" is not in data/areas.csv; add it to data/areas.csv first'),
        ({"partner": ""}, f"partner: {EMPTY}"),
        ({"partner": "CHN"}, 'partner: "CHN" is the reporter itself; name the other side of the trade'),
        (
            {"source": "alpha202"},
            'source: "alpha202" is not a key of the bibliography; did you mean "alpha2020"?',
        ),
        (
            {"source": "zhang"},
            'source: "zhang" is not a key of the bibliography; add the work to references.bib',
        ),
        ({"source": ""}, f"source: {EMPTY}"),
        ({"locator": ""}, f"locator: {EMPTY}"),
        (
            {"note": " more, and, more"},
            'the row has 2 cells too many: " and", " more"; put quotation marks around text with a comma',
        ),
        (
            {"printed": "$310,00"},
            'the row has a cell too many: ""; put quotation marks around text with a comma',
        ),
        ({"locator": '"Table 1'}, UNCLOSED),
        ({"locator": '"Table 1" of 3'}, UNCLOSED),
    ],
)
def test_cell(paper: Path, cells: dict[str, str], message: str) -> None:
    edit(paper / FLOWS, ROW, row(**cells))
    assert faults(paper) == [f"{FLOWS}:7: {message}"]


@pytest.mark.parametrize(
    ("lines", "messages"),
    [
        (f"{ROW}\n{ROW}", [f"8: the row stands twice, first in line 7 {TWICE}"]),
        (
            f"{ROW}\n{ROW}\n{ROW}",
            [
                f"8: the row stands twice, first in line 7 {TWICE}",
                f"9: the row stands twice, first in line 7 {TWICE}",
            ],
        ),
        (
            ROW.rstrip(","),
            ["7: note: the row ends before this column; add the missing cells or commas"],
        ),
        ("CHN,KGZ", ["7: flow: the row ends before this column; add the missing cells or commas"]),
        (f"\n{ROW}", ["7: the row is empty; delete the line"]),
        (f"{ROW}\n\n", ["8: the row is empty; delete the line", "9: the row is empty; delete the line"]),
        (f"{',' * 9}\n{ROW}", ["7: the row is empty; delete the line"]),
        # The row after a cell of four lines stands four lines lower than its number says.
        (row(note='"one\ntwo\n\nfour"') + "\n" + row(year="20l8"), [f'11: year: "20l8" {YEAR}']),
        (row(note='"a ""quoted"" word"') + "\n" + row(year="20l8"), [f'8: year: "20l8" {YEAR}']),
        # Only a line feed ends a line, whatever else Unicode calls a line break.
        (row(note="a\x0cb\u2028c\x85d") + "\n" + row(year="20l8"), [f'8: year: "20l8" {YEAR}']),
        (
            "\n".join([row(year="20l8"), row(year="20l9")]),
            [f'7: year: "20l8" {YEAR}', f'8: year: "20l9" {YEAR}'],
        ),
    ],
)
def test_rows(paper: Path, lines: str, messages: list[str]) -> None:
    edit(paper / FLOWS, ROW, lines)
    assert faults(paper) == [f"{FLOWS}:{message}" for message in messages]


@pytest.mark.parametrize(
    ("header", "messages"),
    [
        (
            HEADER.removesuffix(",note"),
            ['the column "note" is missing; add it to the header and to every row'],
        ),
        (
            HEADER.replace("flow", "flux"),
            ['the column is called "flux", the schema has "flow" here; call it "flow"'],
        ),
        (
            HEADER.replace(",note", ",Note"),
            ['the column is called "Note", the schema has "note" here; call it "note"'],
        ),
        (
            HEADER.replace(",partner", ", partner"),
            ['the column is called " partner", the schema has "partner" here; call it "partner"'],
        ),
        (
            HEADER.replace(",partner", ",reporter"),
            ['the column is called "reporter", the schema has "partner" here; call it "partner"'],
        ),
        (
            f"{HEADER},more",
            ['the column "more" is not in the schema; describe it in data/datapackage.json or delete it'],
        ),
        (f"{HEADER},flow", ['the column "flow" stands twice; delete one of the two']),
        (
            HEADER.replace("value,rounding", "rounding,value"),
            [f"the columns are in another order than in the schema; write {', '.join(HEADER.split(','))}"],
        ),
        (HEADER.replace(",", ";"), ["the cells are separated by ';'; save the table with commas"]),
        (
            HEADER.replace("reporter", "rep").replace("note", "remark"),
            [
                'the column is called "remark", the schema has "note" here; call it "note"',
                'the column is called "rep", the schema has "reporter" here; call it "reporter"',
            ],
        ),
    ],
)
def test_header(paper: Path, header: str, messages: list[str]) -> None:
    edit(paper / FLOWS, HEADER, header)
    assert faults(paper) == [f"{FLOWS}:1: {message}" for message in messages]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), 7, id="Windows line ends"),
        pytest.param(lambda data: data.replace(b"\n", b"\r"), 7, id="old Mac line ends"),
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, 7, id="byte-order mark"),
        pytest.param(lambda data: data.rstrip(b"\n"), 7, id="no last line end"),
    ],
)
def test_bytes_that_are_no_fault(paper: Path, change: Callable[[bytes], bytes], line: int) -> None:
    file = paper / FLOWS
    file.write_bytes(change(file.read_bytes()))
    assert faults(paper) == []
    file.write_bytes(file.read_bytes().replace(b"KGZ,export,2021", b"KGZ,export,20l8"))
    assert faults(paper) == [f'{FLOWS}:{line}: year: "20l8" {YEAR}']


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, ": the file is missing; restore it, or remove what refers to it"),
        (b"", ":1: the file is empty; restore its header line and its rows"),
        (b"\n \n", ":1: the file is empty; restore its header line and its rows"),
        (HEADER.encode() + b"\n", ":1: the table has no rows; restore its rows"),
        (HEADER.encode() + b"\n\n\n", ":1: the table has no rows; restore its rows"),
        (
            f"{HEADER}\n\n{ROW}caf\xe9\n".encode("latin-1"),
            ":3: the text is not UTF-8; save the file as UTF-8",
        ),
        ((HEADER + "\n").encode("utf-16"), ":1: the text is not UTF-8; save the file as UTF-8"),
    ],
)
@pytest.mark.parametrize("name", [FLOWS, AREAS])
def test_file(paper: Path, name: str, content: bytes | None, message: str) -> None:
    (paper / name).unlink()
    if content is not None:
        (paper / name).write_bytes(content)
    assert faults(paper) == [f"{name}{message}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "KGZ,Kyrgyz Republic",
            "KGZ,",
            f"{AREAS}:4: name: {EMPTY}",
        ),
        # What a faulty key makes of the rows that refer to it is no fault of theirs.
        (
            "KGZ,Kyrgyz",
            "Kg,Kyrgyz",
            f'{AREAS}:4: code: "Kg" is not of the form [A-Z]{{3}}; write it in that form',
        ),
        (
            "KGZ,Kyrgyz",
            "KAZ,Kyrgyz",
            f"{AREAS}:4: the row stands twice, first in line 3 (same code); delete one",
        ),
        (
            "code,",
            "kode,",
            f'{AREAS}:1: the column is called "kode", the schema has "code" here; call it "code"',
        ),
    ],
)
def test_table_that_others_refer_to(paper: Path, old: str, new: str, message: str) -> None:
    edit(paper / AREAS, old, new)
    assert faults(paper) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"path": "areas.csv",',
            '"path": "areas.csv"',
            ":8: not JSON: Expecting ',' delimiter; mend the JSON there",
        ),
        (
            '"path": "areas.csv",\n',
            "\n",
            ':4: resource 1 has no name or no path; give it both, such as "name": "trade_flows", '
            '"path": "trade_flows.csv"',
        ),
        (
            '"path": "areas.csv"',
            '"path": ["areas.csv"]',
            ':4: resource 1 has no name or no path; give it both, such as "name": "trade_flows", '
            '"path": "trade_flows.csv"',
        ),
        ('"name": "flows"', '"name": "areas"', ':32: two resources have the name "areas"; rename one'),
        (
            '"areas.csv"',
            '"../areas.csv"',
            ':7: the path "../areas.csv" leads out of data/; move the file to data/',
        ),
        (
            '"areas.csv"',
            '"/areas.csv"',
            ':7: the path "/areas.csv" leads out of data/; move the file to data/',
        ),
        (
            '"type": "year"',
            '"type": "yaer"',
            ':66: the field "year" has the unknown type "yaer"; did you mean "year"?',
        ),
        ('"name": "year",', "", ':64: field 4 of "flows" has no name; name the column that it describes'),
        ('"name": "year"', '"name": "flow"', ':64: "flows" has the field "flow" twice; delete one'),
        (
            '"pattern": "[A-Z]{3}"',
            '"pattern": "[A-Z"',
            ':15: the field "code": the pattern "[A-Z" is not a regular expression; mend it, or take it out',
        ),
        (
            '"minimum": 0',
            '"minimum": "none"',
            ':85: the field "rounding": "minimum" is not a number; mend it, or take it out',
        ),
        (
            '"name": "flows"',
            '"name": "Trade flows"',
            ':32: the name "Trade flows" holds other signs than names have; '
            'write small letters, digits and "_", such as "trade_flows"',
        ),
        (
            '"type": "year"',
            '"type": "year", "format": "%y"',
            ':66: the field "year" has "format", by which notebooks do not read it; '
            "take it out, and write the cells plainly",
        ),
        (
            '"primaryKey": [\n          "code"',
            '"primaryKey": [\n          "cod"',
            ':26: "areas" has no field "cod"; did you mean "code"?',
        ),
    ],
)
def test_descriptor(paper: Path, old: str, new: str, message: str) -> None:
    edit(paper / PACKAGE, old, new)
    assert faults(paper) == [PACKAGE + message]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, ": the file is missing; describe the paper's tables in it"),
        ("", ":1: not JSON: Expecting value; mend the JSON there"),
        ("[]", ': there is no list of resources; add "resources": [...] with a name and a path for each'),
        ("{}", ':1: there is no list of resources; add "resources": [...] with a name and a path for each'),
        (
            '{"resources": [{"name": "a", "path": "areas.csv", "schema": "schema.json"}]}',
            ':1: the schema of "a" has no fields; describe each column in it',
        ),
        (
            '\ufeff{"resources": []}',
            ":1: the file begins with a byte-order mark; save it as UTF-8 without one",
        ),
    ],
)
def test_whole_descriptor(paper: Path, content: str | None, message: str) -> None:
    (paper / PACKAGE).unlink()
    if content is not None:
        (paper / PACKAGE).write_text(content, encoding="utf-8")
    assert faults(paper) == [PACKAGE + message]


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("resource", "area", 'there is no table "area"; did you mean "areas"?'),
        ("fields", "cod", '"areas" has no field "cod"; did you mean "code"?'),
    ],
)
def test_foreign_key(paper: Path, part: str, change: str, message: str) -> None:
    package = json.loads((paper / PACKAGE).read_text(encoding="utf-8"))
    package["resources"][1]["schema"]["foreignKeys"][1]["reference"][part] = change
    (paper / PACKAGE).write_text(json.dumps(package), encoding="utf-8")
    assert faults(paper) == [f"{PACKAGE}:1: {message}"]


def field(name: str, kind: str = "string") -> dict[str, str]:
    return {"name": name, "type": kind}


# What the real data have and the small paper has not.
RATES: dict[str, Any] = {
    "name": "rates",
    "path": "rates.csv",
    "schema": {
        "fields": [
            field("indicator"),
            field("reporter"),
            field("partner"),
            field("flow"),
            field("rank", "integer"),
            field("year", "year"),
            field("period"),
            field("value", "number"),
            field("unit"),
            field("checked", "date"),
        ]
    },
}


@pytest.fixture
def rates(paper: Path) -> Path:
    """Return the small paper with a table of rates beside its flows."""
    package = json.loads((paper / PACKAGE).read_text(encoding="utf-8"))
    package["resources"].append(RATES)
    (paper / PACKAGE).write_text(json.dumps(package), encoding="utf-8")
    return paper


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("share,CHN,KAZ,export,1,2020,,100,percent,2024-02-29", None),
        ("growth,CHN,KAZ,export,,2020,,-150.5,percent,", None),
        ("growth,CHN,KAZ,export,,2020,,150,percent,", None),
        ("share,CHN,KAZ,balance,,2020,,-101,percent,", None),
        ("share,CHN,KAZ,export,,2020,2018-10/2020-09,7,percent,", None),
        (
            "share,CHN,KAZ,export,,2020,,100.1,percent,",
            "value: a share of 100.1 percent; "
            "a share of a flow is at most 100; mend the figure or the indicator",
        ),
        (
            "share,CHN,KAZ,export,,2020,,-0.1,percent,",
            "value: -0.1 is negative, and only a balance can be; mend the sign or the flow",
        ),
        (
            "share,CHN,KAZ,export,,2020,2020/2013,7,percent,",
            'period: "2020/2013" runs backward; write start/end',
        ),
        (
            "share,CHN,KAZ,export,,2020,2013/2019,7,percent,",
            'period: "2013/2019" does not end in 2020; write the end\'s year as year, or mend the period',
        ),
        (
            "share,CHN,KAZ,export,1.5,2020,,7,percent,",
            'rank: "1.5" is not a whole number; write digits only, such as 3',
        ),
        (
            "share,CHN,KAZ,export,,2020,,7,percent,30.2.2024",
            'checked: "30.2.2024" is not a date; write it as 2018-12-31',
        ),
    ],
)
def test_rates(rates: Path, line: str, message: str | None) -> None:
    names = ",".join(f["name"] for f in RATES["schema"]["fields"])
    (rates / "data/rates.csv").write_text(f"{names}\n{line}\n", encoding="utf-8")
    assert faults(rates) == ([f"data/rates.csv:2: {message}"] if message else [])


def test_all_faults_in_order_of_file_and_line(paper: Path) -> None:
    edit(paper / FLOWS, ROW, row(year="20l8", source="zhang"))
    edit(paper / FLOWS, "2500000000", "2400000000")
    edit(paper / FLOWS, "CHN,KAZ,import,2019", "CHN,KAZ,imprt,2019")
    edit(paper / AREAS, "China", "")
    done = run_corridor(paper, "check", expect=1)
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{AREAS}:2: name: {EMPTY}",
        f'{FLOWS}:3: flow: "imprt" is not one of the values allowed; did you mean "import"?',
        f'{FLOWS}:4: value: 2400000000 is not what "$2.5 billion" says; '
        "write 2500000000, or mend the printed token",
        f'{FLOWS}:7: source: "zhang" is not a key of the bibliography; add the work to references.bib',
        f'{FLOWS}:7: year: "20l8" {YEAR}',
        "5 faults in the paper",
    ]


def test_real_data_have_no_faults() -> None:
    run_corridor(Path(__file__).parents[2], "check", expect=0)
