"""Faults in ``editions/*.yml``: the whole message, at the right line."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from conftest import edit, run_corridor
from corridor.check.coverage import check_coverage
from corridor.data import open_package
from corridor.edition import (
    Added,
    Book,
    Edition,
    Publisher,
    default_edition,
    edition_of,
    editions,
    home,
    open_edition,
    open_editions,
    profile,
)
from corridor.errors import PaperError
from corridor.paper import open_paper

REGION = "editions/region.yml"
KEYS = (
    "the keys are title, countries, partner, years, languages, "
    "book, publisher, chapters, blocks, missing-data, stale-translations"
)
CODE = "is not a country code; write the ISO 3166 alpha-3 code, such as KAZ"
CODES = 'is not a list of different codes; write them in brackets, such as "[KAZ, KGZ]" or "[en, ru]"'
LANGUAGE = "is not a language; write a code such as en, ru, kk or ky"
YEAR = "is not a year; write four digits, such as 2018"
SPAN = 'years is not a span; write "{first: 2013, last: 2025}"'
TITLE = "title is not text; write a title, in quotation marks if it is a number"
OUT = (
    "leads out of the paper, or is not a path from its folder; "
    "move the file into the paper, and name it as editions/logo.svg"
)
AFTER = ['18: there is no chapter "editions/own.qmd" that it could follow; did you mean "editions/more.qmd"?']
SLUG = "is not lower-case letters, digits and hyphens, ending in .yml; rename it to"
NOT_YAML = "mend the indentation, quotation marks or brackets there"


def faults(root: Path) -> list[str]:
    paper = open_paper(root)
    try:
        edition = default_edition(paper)
    except PaperError as error:
        return [str(fault) for fault in error.faults]
    return [str(fault) for fault in check_coverage(paper, edition, open_package(paper.data))]


def test_edition(paper: Path) -> None:
    assert faults(paper) == []
    assert default_edition(open_paper(paper)) == Edition(
        slug="region",
        title="Two Lands",
        book=Book(title="A small paper", subtitle="Built by the tests"),
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
        ("KGZ", "QQQX", [f'2: "QQQX" {CODE}']),
        ("KGZ", "KGZX", ['2: "KGZX" is not a country code; did you mean "KGZ"?']),
        ("KGZ", "kgz", ['2: "kgz" is not a country code; did you mean "KGZ"?']),
        ("KAZ", "Kazakhstan", ['2: "Kazakhstan" is not a country code; did you mean "KAZ"?']),
        ("KAZ", "Kazahstan", ['2: "Kazahstan" is not a country code; did you mean "KAZ"?']),
        ("[KAZ, KGZ]", "\n  - KAZ\n  - 417", [f'4: "417" {CODE}']),
        ("CHN", "[CHN]", [f"3: \"['CHN']\" {CODE}"]),
        ("[KAZ, KGZ]", "KAZ", [f"2: countries {CODES}"]),
        ("[KAZ, KGZ]", "[KAZ, KAZ]", ['2: "KAZ" stands twice; keep one of them']),
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
        (
            "{first: 2019, last: 2021}",
            "{first: 1990, last: 1995}",
            ["4: no table has a figure on KAZ, KGZ of 1990 to 1995; the data have figures of 2019–2021"],
        ),
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
            [f'2: "kg" {CODE}', '3: "China" is not a country code; did you mean "CHN"?'],
        ),
    ],
)
def test_fault(paper: Path, old: str, new: str, messages: list[str]) -> None:
    edit(paper / REGION, old, new)
    assert faults(paper) == [f"{REGION}:{message}" for message in messages]


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


WHOLE = """
book: {title: Two Lands in Figures}
publisher:
  name: House
  contact: press@example.org
  logo: editions/logo.svg
  colours: {accent: "#0F4f5c"}
chapters:
  leave-out: [chapters/method.qmd]
  add:
    - {file: editions/own.qmd, after: index.qmd}
    - {file: editions/more.qmd, after: index.qmd}
    - {file: editions/rest.qmd, after: editions/own.qmd}
blocks:
  tbl-flows: editions/block.md
missing-data: show
stale-translations: refuse
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
LINK = "http://www.w3.org/1999/xlink"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def whole(paper: Path) -> Path:
    """Return a small paper whose edition sets every key."""
    folder = paper / "editions"
    for name in ("own.qmd", "more.qmd", "rest.qmd", "block.md"):
        (folder / name).write_text(f"# {name}\n", encoding="utf-8")
    (folder / "logo.svg").write_text(SVG, encoding="utf-8")
    region = paper / REGION
    region.write_text(region.read_text(encoding="utf-8") + WHOLE, encoding="utf-8")
    return paper


def test_every_key(whole: Path) -> None:
    assert faults(whole) == []
    edition = open_edition(open_paper(whole), "region")
    assert edition.book == Book(title="Two Lands in Figures", subtitle="Built by the tests")
    assert edition.publisher == Publisher(
        name="House", contact="press@example.org", logo="editions/logo.svg", accent="#0F4f5c"
    )
    assert edition.left_out == ("chapters/method.qmd",)
    assert edition.added[0] == Added(file="editions/own.qmd", after="index.qmd")
    assert edition.blocks == {"tbl-flows": "editions/block.md"}
    assert (edition.missing_data, edition.stale_translations) == ("show", "refuse")
    assert hash(edition) == hash(open_edition(open_paper(whole), "region"))
    assert edition.arranged(open_paper(whole).chapters) == (
        "index.qmd",
        "editions/own.qmd",
        "editions/rest.qmd",
        "editions/more.qmd",
        "chapters/trade.qmd",
        "references.qmd",
    )


def test_publisher_of_the_paper(paper: Path) -> None:
    edit(
        paper / "_quarto.yml", "  version: 1.2.3\n", "  version: 1.2.3\n  publisher: House\n  licence: CC0\n"
    )
    assert open_edition(open_paper(paper), "region").publisher == Publisher(name="House", licence="CC0")


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("missing-data", "missing-dat", ['21: unknown key "missing-dat"; did you mean "missing-data"?']),
        (
            "{title: Two Lands in Figures}",
            "Figures",
            ["7: book does not hold settings; write title, subtitle below it, indented"],
        ),
        ("title: Two Lands in", "titel: Two Lands in", ['7: unknown key "titel"; did you mean "title"?']),
        (
            "Two Lands in Figures",
            "2024",
            ["7: title is not text; write a title, in quotation marks if it is a number"],
        ),
        (
            "  contact:",
            "  email:",
            ['10: unknown key "email"; the keys are name, address, contact, licence, logo, colours'],
        ),
        (
            "press@example.org",
            "press at example",
            [
                '10: the contact "press at example" is neither a mail address nor an https address; '
                "write one such as press@example.org or https://example.org/contact"
            ],
        ),
        (
            "press@example.org",
            "http://example.org",
            [
                '10: the contact "http://example.org" is neither a mail address nor an https address; '
                "write one such as press@example.org or https://example.org/contact"
            ],
        ),
        ("press@example.org", "https://example.org/contact", []),
        (
            '"#0F4f5c"',
            "teal",
            ['12: "teal" is not a colour; write one such as "#0f4f5c", in quotation marks'],
        ),
        ("accent", "acent", ['12: unknown key "acent"; did you mean "accent"?']),
        # Paths.
        (
            "editions/logo.svg",
            "editions/lgo.svg",
            ['11: there is no file "editions/lgo.svg"; write it, or mend the path'],
        ),
        ("editions/logo.svg", "../logo.svg", [f'11: "../logo.svg" {OUT}']),
        ("editions/logo.svg", "/etc/logo.svg", [f'11: "/etc/logo.svg" {OUT}']),
        ("editions/block.md", "../block.md", [f'20: "../block.md" {OUT}']),
        ("file: editions/own.qmd", "file: ../own.qmd", [f'16: "../own.qmd" {OUT}', *AFTER]),
        ("editions/logo.svg", "[a]", ["11: logo is not a file; write its path from the paper's folder"]),
        # Chapters.
        (
            "[chapters/method.qmd]",
            "[chapters/metod.qmd]",
            ['14: "chapters/metod.qmd" is not a chapter of the paper; did you mean "chapters/method.qmd"?'],
        ),
        (
            "[chapters/method.qmd]",
            "[index.qmd]",
            ['14: "index.qmd" opens the site and cannot be left out; take it out of the list'],
        ),
        (
            "[chapters/method.qmd]",
            "[chapters/method.qmd, chapters/method.qmd]",
            ['14: "chapters/method.qmd" stands twice; keep one of them'],
        ),
        (
            "[chapters/method.qmd]",
            "chapters/method.qmd",
            ['14: leave-out is not a list; begin each entry with "- "'],
        ),
        (
            "{file: editions/more.qmd, after: index.qmd}",
            "{file: chapters/trade.qmd, after: index.qmd}",
            ['17: "chapters/trade.qmd" is a chapter already; add another file, or take the entry out'],
        ),
        (
            "{file: editions/more.qmd, after: index.qmd}",
            "{file: editions/own.qmd, after: index.qmd}",
            ['17: "editions/own.qmd" is a chapter already; add another file, or take the entry out'],
        ),
        (
            "{file: editions/more.qmd, after: index.qmd}",
            "{file: editions/more.qmd, after: editions/more.qmd}",
            [
                '17: there is no chapter "editions/more.qmd" that it could follow; '
                'did you mean "editions/own.qmd"?'
            ],
        ),
        (
            "{file: editions/more.qmd, after: index.qmd}",
            "{file: editions/more.qmd, after: zzz.qmd}",
            [
                '17: there is no chapter "zzz.qmd" that it could follow; '
                "name one of _quarto.yml, or one added above"
            ],
        ),
        (
            "{file: editions/more.qmd, after: index.qmd}",
            "{file: editions/more.qmd}",
            ['17: the key "after" is missing; add it'],
        ),
        (
            "{file: editions/more.qmd, after: index.qmd}",
            "editions/more.qmd",
            [
                '17: "editions/more.qmd" does not say file and place; '
                'write "{file: editions/own.qmd, after: index.qmd}"'
            ],
        ),
        (
            "{file: editions/more.qmd, after: index.qmd}",
            "{file: editions/block.md, after: index.qmd}",
            ['17: "editions/block.md" is not a .qmd file; name such a file'],
        ),
        # Blocks.
        (
            "tbl-flows:",
            "tbl-flow:",
            ['20: no chapter of the edition has a div with the id "tbl-flow"; did you mean "tbl-flows"?'],
        ),
        (
            "editions/block.md",
            "editions/logo.svg",
            ['20: "editions/logo.svg" is not a .qmd or .md file; name such a file'],
        ),
        # Choices.
        ("data: show", "data: hide", ['21: missing-data is "hide"; write leave-out or show']),
        ("refuse", "no", ['22: stale-translations is "False"; write allow or refuse']),
    ],
)
def test_fault_of_optional_key(whole: Path, old: str, new: str, messages: list[str]) -> None:
    edit(whole / REGION, old, new)
    assert faults(whole) == [f"{REGION}:{message}" for message in messages]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("logo.png", PNG, None),
        ("logo.jpg", b"\xff\xd8\xff\xe0" + bytes(20), None),
        ("logo.svg", b"<?xml version='1.0'?>\n<!-- made -->\n" + SVG.encode(), None),
        ("logo.png", b"not a picture", "is not a picture; use an SVG, PNG or JPEG file"),
        ("logo.svg", b"<html><body/></html>", "is not a picture; use an SVG, PNG or JPEG file"),
        (
            "logo.svg",
            b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.encode(),
            "is not a picture; use an SVG, PNG or JPEG file",
        ),
        ("logo.svg", PNG, 'holds PNG; rename it so that it ends in ".png"'),
        ("logo.png", PNG + bytes(1_000_000), "has 1.0 MB; make it smaller than 1 MB"),
        (
            "logo.svg",
            SVG.replace("<rect", "<script>a()</script><rect").encode(),
            "holds the element <script>; save it without, as plain SVG",
        ),
        (
            "logo.svg",
            SVG.replace("<rect", '<rect onclick="a()"').encode(),
            'holds the script "onclick"; save it without, as plain SVG',
        ),
        (
            "logo.svg",
            SVG.replace(
                "<rect", f'<image xmlns:x="{LINK}" x:href="https://example.org/a.png"/><rect'
            ).encode(),
            'holds the reference "https://example.org/a.png"; save it without, as plain SVG',
        ),
        (
            "logo.svg",
            SVG.replace("<rect", '<rect fill="url(https://example.org/a.svg#b)"').encode(),
            "holds a reference to another file; save it without, as plain SVG",
        ),
        (
            "logo.svg",
            SVG.replace("<rect", "<style>@import 'a.css';</style><rect").encode(),
            "holds a reference to another file; save it without, as plain SVG",
        ),
        ("logo.svg", SVG.replace("<rect", '<rect fill="url(#a)"').encode(), None),
    ],
)
def test_logo(whole: Path, name: str, content: bytes, message: str | None) -> None:
    (whole / "editions" / name).write_bytes(content)
    edit(whole / REGION, "editions/logo.svg", f"editions/{name}")
    assert faults(whole) == ([f'{REGION}:11: the logo "editions/{name}" {message}'] if message else [])


def test_link_out_of_the_paper(whole: Path) -> None:
    outside = whole.parent / "outside.svg"
    outside.write_text(SVG, encoding="utf-8")
    (whole / "editions" / "logo.svg").unlink()
    (whole / "editions" / "logo.svg").symlink_to(outside)
    assert faults(whole) == [
        f'{REGION}:11: "editions/logo.svg" is a link that leads out of the paper; put the file itself there'
    ]


def test_block_of_a_chapter_left_out(whole: Path) -> None:
    edit(whole / REGION, "[chapters/method.qmd]", "[chapters/trade.qmd]")
    assert faults(whole) == [
        f'{REGION}:20: no chapter of the edition has a div with the id "tbl-flows"; '
        'write "::: {#tbl-flows}" around the block'
    ]


def test_group_is_no_country(paper: Path) -> None:
    add_group(paper)
    edit(paper / REGION, "[KAZ, KGZ]", "[XTL]")
    assert faults(paper) == [
        f'{REGION}:2: "XTL" is a group in data/areas.csv, not a country; list its members: KAZ, KGZ'
    ]


def test_language_without_catalogues(paper: Path) -> None:
    (paper / "locales" / "ru" / "chapters").mkdir(parents=True)
    edit(paper / REGION, "[en]", "[en, RU]")
    assert faults(paper) == [f'{REGION}:5: there are no catalogues for the language "RU"; did you mean "ru"?']
    (paper / "locales" / "ru" / "chapters").rmdir()
    (paper / "locales" / "ru").rmdir()
    edit(paper / REGION, "[en, RU]", "[en, zh-Hans]")
    told = (
        f'{REGION}:5: there are no catalogues for the language "zh-Hans"; '
        "the languages are {}; for another put its catalogues into locales/zh-Hans/"
    )
    assert faults(paper) == [told.format("en")]
    (paper / "locales" / "zh-Hans").mkdir(parents=True)
    assert faults(paper) == [told.format("en")]  # the framework does not speak it


def add_group(paper: Path) -> None:
    areas = paper / "data" / "areas.csv"
    head, *rows = areas.read_text(encoding="utf-8").splitlines()
    lines = [f"{head},kind,members", *(f"{row},country," for row in rows), "XTL,Two Lands,Two,group,KAZ KGZ"]
    if "short_name" not in head:
        lines[-1] = "XTL,Two Lands,group,KAZ KGZ"
    areas.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_home(paper: Path) -> None:
    opened = open_paper(paper)
    region = open_edition(opened, "region")
    assert home(region, open_package(paper / "data")) is None
    add_group(paper)
    assert home(region, open_package(paper / "data")) == "XTL"
    edit(paper / REGION, "[KAZ, KGZ]", "[KGZ]")
    assert home(open_edition(opened, "region"), open_package(paper / "data")) == "KGZ"


def test_profile(paper: Path) -> None:
    add_group(paper)
    described = json.loads((paper / "data" / "datapackage.json").read_text(encoding="utf-8"))
    described["resources"] += [{"name": f"of_{n}", "path": f"{n}.yml"} for n in ("kaz", "kgz", "none")]
    (paper / "data" / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    (paper / "data" / "kaz.yml").write_text("items: [{id: kaz.south.price}]\n", encoding="utf-8")
    (paper / "data" / "kgz.yml").write_text("countries: [KGZ]\nwords: KAZAKH and kaz\n", encoding="utf-8")
    (paper / "data" / "none.yml").write_text("words: a\n", encoding="utf-8")
    edit(paper / REGION, "[KAZ, KGZ]", "[KAZ]")
    edition = open_edition(open_paper(paper), "region")
    assert profile(edition, open_package(paper / "data")) == {
        "country": True,
        "region": False,
        "covers-chn": False,
        "covers-kaz": True,
        "covers-kgz": False,
        "has-areas": True,
        "has-flows": True,
        "has-of-kaz": True,
        "has-of-kgz": False,
        "has-of-none": False,
    }


def test_broken_edition_hides_no_other(paper: Path) -> None:
    folder = paper / "editions"
    text = (folder / "region.yml").read_text(encoding="utf-8")
    for name in ("Kyrgyz Republic.yml", "Қазақстан.yml", "other.yaml", ".hidden.yml", "good.yml"):
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "bad.yml").write_text(text.replace("partner", "partnr"), encoding="utf-8")
    (paper.parent / "outside.yml").write_text(text, encoding="utf-8")
    (folder / "linked.yml").symlink_to(paper.parent / "outside.yml")
    opened, found = open_editions(open_paper(paper))
    assert [edition.slug for edition in opened] == ["good", "region"]
    assert sorted(map(str, found)) == [
        f'editions/Kyrgyz Republic.yml: the name "Kyrgyz Republic.yml" {SLUG} "kyrgyz-republic.yml"',
        'editions/bad.yml:3: unknown key "partnr"; did you mean "partner"?',
        "editions/linked.yml: the file is a link that leads out of the paper; put the file itself there",
        f'editions/other.yaml: the name "other.yaml" {SLUG} "other.yml"',
        'editions/Қазақстан.yml: the name "Қазақстан.yml" is not lower-case letters, digits and hyphens, '
        'ending in .yml; rename it, such as "kazakhstan.yml"',
    ]
    assert ".hidden" not in editions(open_paper(paper))


def test_editions_of_the_reference_paper() -> None:
    paper = open_paper(Path(__file__).parents[1])
    package = open_package(paper.data)
    opened, found = open_editions(paper)
    assert found == []
    assert {one.slug: home(one, package) for one in opened} == {
        "central-asia": "XCA",
        "kazakhstan": "KAZ",
        "kyrgyz-republic": "KGZ",
        "tajikistan": "TJK",
        "turkmenistan": "TKM",
        "uzbekistan": "UZB",
    }
    assert [fault for one in opened for fault in check_coverage(paper, one, package)] == []
    has = {one.slug: profile(one, package)["has-swot"] for one in opened}
    assert [slug for slug, holds in has.items() if holds] == ["central-asia", "kazakhstan", "kyrgyz-republic"]


def test_edition_is_kept_as_json(whole: Path) -> None:
    edition = default_edition(open_paper(whole))
    assert edition.added
    assert edition.blocks
    assert edition_of(json.loads(json.dumps(asdict(edition)))) == edition
