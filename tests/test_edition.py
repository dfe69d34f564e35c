"""Faults in ``editions/*.yml``: the whole message, at the right line."""

from pathlib import Path

import pytest

from conftest import edit, run_corridor
from corridor.edition import Edition, check_areas, default_edition
from corridor.errors import PaperError
from corridor.paper import open_paper

REGION = "editions/region.yml"
KEYS = "the keys are title, countries, partner, years, languages"
CODE = "is not a country code; write the ISO 3166 alpha-3 code, such as KAZ"
CODES = 'is not a list of different codes; write them in brackets, such as "[KAZ, KGZ]" or "[en, ru]"'
LANGUAGE = "is not a language; write a code such as en, ru, kk or ky"
YEAR = "is not a year; write four digits, such as 2018"
SPAN = 'years is not a span; write "{first: 2013, last: 2025}"'
TITLE = "title is not text; write a title, in quotation marks if it is a number"
NOT_YAML = "mend the indentation, quotation marks or brackets there"


def faults(root: Path) -> list[str]:
    paper = open_paper(root)
    try:
        edition = default_edition(paper)
    except PaperError as error:
        return [str(fault) for fault in error.faults]
    return [str(fault) for fault in check_areas(paper, edition, {"CHN", "KAZ", "KGZ"})]


def test_edition(paper: Path) -> None:
    assert faults(paper) == []
    assert default_edition(open_paper(paper)) == Edition(
        slug="region",
        title="Two Lands",
        countries=("KAZ", "KGZ"),
        partner="CHN",
        first_year=2019,
        last_year=2021,
        languages=("en",),
    )


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        # Keys; one that is misspelt is not missing as well.
        ("partner:", "partnr:", ['3: unknown key "partnr"; did you mean "partner"?']),
        ("languages: [en]", "languages: [en]\nformat: pdf", [f'6: unknown key "format"; {KEYS}']),
        ("partner: CHN", "partner: CHN\n7: x", [f'4: unknown key "7"; {KEYS}']),
        ("partner: CHN\n", "", ['1: the key "partner" is missing; add it']),
        ("title: Two Lands\n", "title: A\ntitle: B\n", ['2: the key "title" stands twice; keep one of them']),
        ("title: Two", "title: Two: ", [f"1: not YAML: mapping values are not allowed here; {NOT_YAML}"]),
        ("KGZ]", "KGZ", [f"3: not YAML: expected ',' or ']', but got ':'; {NOT_YAML}"]),
        # Title.
        ("Two Lands", "", [f"1: {TITLE}"]),
        ("Two Lands", "1984", [f"1: {TITLE}"]),
        # Countries.
        ("KGZ", "KGZX", [f'2: "KGZX" {CODE}']),
        ("KGZ", "kgz", [f'2: "kgz" {CODE}']),
        ("[KAZ, KGZ]", "\n  - KAZ\n  - 417", [f'4: "417" {CODE}']),
        ("CHN", "[CHN]", [f"3: \"['CHN']\" {CODE}"]),
        ("[KAZ, KGZ]", "KAZ", [f"2: countries {CODES}"]),
        ("[KAZ, KGZ]", "[KAZ, KAZ]", [f"2: countries {CODES}"]),
        ("[KAZ, KGZ]", "", [f"2: countries {CODES}"]),
        ("CHN", "KAZ", ['3: the partner "KAZ" is one of the countries; name the other side of the trade']),
        ("KGZ", "KZG", ['2: "KZG" is not in data/areas.csv; did you mean "KGZ"?']),
        ("KAZ", "ZAK", ['2: "ZAK" is not in data/areas.csv; did you mean "KAZ"?']),
        ("KGZ", "QQQ", ['2: "QQQ" is not in data/areas.csv; add it there first']),
        ("CHN", "CNH", ['3: "CNH" is not in data/areas.csv; did you mean "CHN"?']),
        # Years.
        ("{first: 2019, last: 2021}", "[2019, 2021]", [f"4: {SPAN}"]),
        ("first: 2019, ", "", [f"4: {SPAN}"]),
        ("2019", "20l9", [f'4: "20l9" {YEAR}']),
        ("2019", "19", [f'4: "19" {YEAR}']),
        ("2021", "20211", [f'4: "20211" {YEAR}']),
        ("2021", "true", [f'4: "True" {YEAR}']),
        ("2019", "2022", ["4: the first year, 2022, is after the last, 2021; swap them or mend one"]),
        # Languages.
        ("[en]", "[english]", [f'5: "english" {LANGUAGE}']),
        ("[en]", "[en, zz]", [f'5: "zz" {LANGUAGE}']),
        ("[en]", "\n  - en\n  - {a: b}", [f"7: \"{{'a': 'b'}}\" {LANGUAGE}"]),
        ("[en]", "en", [f"5: languages {CODES}"]),
        # Several.
        (
            "countries: [KAZ, KGZ]\npartner: CHN",
            "countries: [KAZ, kg]\npartner: China",
            [f'2: "kg" {CODE}', f'3: "China" {CODE}'],
        ),
    ],
)
def test_fault(paper: Path, old: str, new: str, messages: list[str]) -> None:
    edit(paper / REGION, old, new)
    assert faults(paper) == [f"{REGION}:{message}" for message in messages]


@pytest.mark.parametrize("languages", ["[ru]", "[kk, ky, ru, en]", "[en-GB]", "[zh-Hans]", "[tg, uz, tk]"])
def test_languages(paper: Path, languages: str) -> None:
    edit(paper / REGION, "[en]", languages)
    assert faults(paper) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("edition: region", "edition: regoin", ':18: there is no edition "regoin"; did you mean "region"?'),
        (
            "edition: region",
            "edition: world",
            ':18: there is no edition "world"; '
            'name one under "corridor:" as "edition:"; the editions are region',
        ),
    ],
)
def test_default_edition(paper: Path, old: str, new: str, message: str) -> None:
    edit(paper / "_quarto.yml", old, new)
    assert faults(paper) == [f"_quarto.yml{message}"]


def test_only_edition_needs_no_name(paper: Path) -> None:
    edit(paper / "_quarto.yml", "  edition: region\n", "")
    assert faults(paper) == []
    (paper / "editions" / "other.yml").write_text("", encoding="utf-8")
    assert faults(paper) == [
        "_quarto.yml:15: there is no default edition; "
        'name one under "corridor:" as "edition:"; the editions are other, region'
    ]


def test_no_edition(paper: Path) -> None:
    (paper / REGION).unlink()
    assert faults(paper) == ['_quarto.yml:18: there is no edition "region"; write editions/<name>.yml']


def test_empty_file(paper: Path) -> None:
    (paper / REGION).write_text("", encoding="utf-8")
    assert faults(paper) == [f'{REGION}:1: the file is empty; write "key: value" lines']


def test_command_line(paper: Path) -> None:
    edit(paper / REGION, "CHN", "CNH")
    done = run_corridor(paper, "check", expect=1)
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f'{REGION}:3: "CNH" is not in data/areas.csv; did you mean "CHN"?',
        "1 fault in the paper",
    ]
