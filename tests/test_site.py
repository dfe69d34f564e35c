"""The pages of the small paper, read as a browser would: links, headings, tables, numbers."""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html as lxml_html

PAGES = ("index.html", "chapters/trade.html", "chapters/method.html", "references.html")


class Page:
    """A page of the built paper."""

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / name
        self.text = self.path.read_text(encoding="utf-8")
        self.tree = lxml_html.fromstring(self.text)

    def all(self, path: str) -> list:
        return self.tree.xpath(path)

    def one(self, path: str) -> lxml_html.HtmlElement:
        [found] = self.tree.xpath(path)
        return found

    def texts(self, path: str) -> list[str]:
        return [words(element) for element in self.tree.xpath(path)]


def words(element: lxml_html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


@pytest.fixture(scope="module")
def site(built: Path) -> Path:
    return built / "site" / "region" / "en"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    assert {p.relative_to(site).as_posix() for p in site.rglob("*.html")} == set(PAGES)
    return {name: Page(site, name) for name in PAGES}


def test_root_leads_to_the_paper(built: Path) -> None:
    page = Page(built / "site", "index.html")
    assert page.one("//meta[@http-equiv='refresh']/@content") == "0; url=region/en/index.html"
    assert page.all("//a/@href") == ["region/en/index.html"]
    assert (built / "site" / "region" / "en" / "index.html").is_file()


@pytest.mark.parametrize("name", PAGES)
def test_links_resolve(name: str, pages: dict[str, Page], site: Path) -> None:
    page = pages[name]
    targets = page.all("//*/@href | //*/@src")
    assert len(targets) > 10
    for target in targets:
        if target == "data:,":
            continue
        parts = urlsplit(target)
        assert not parts.scheme, target
        assert not parts.netloc, target
        assert not parts.path.startswith("/"), f"{target}: works under one prefix only"
        file = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
        assert file.is_relative_to(site.parents[1].resolve()), f"{target} leads out of the site"
        assert file.is_file(), target
        if parts.fragment and file.suffix == ".html":
            other = pages[file.relative_to(site.resolve()).as_posix()]
            assert other.all(f"//*[@id='{unquote(parts.fragment)}']"), target


def test_only_references_lead_outside(site: Path) -> None:
    foreign = re.compile(r"(?:https?:)?//[\w.-]+")
    for page in site.rglob("*.html"):
        tree = lxml_html.fromstring(page.read_text(encoding="utf-8"))
        for element in tree.xpath("//*"):
            for key, value in element.attrib.items():
                if foreign.match(value):
                    assert element.tag == "a", f"{page.name}: {element.tag} {key}={value}"
                    assert element.xpath("ancestor::div[@id='refs']"), f"{page.name}: {value}"
    assets = site.parents[1] / "assets"
    styles = (assets / "paper.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(['\"]?(?!data:)|@import", styles)
    assert not re.search(r"['\"`]https?:", (assets / "paper.js").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_images(name: str, pages: dict[str, Page]) -> None:
    for image in pages[name].all("//img"):
        assert image.get("alt", "").strip()
        assert (pages[name].path.parent / image.get("src")).is_file()
        assert int(image.get("width")) > 0
        assert int(image.get("height")) > 0


def test_alt_text(pages: dict[str, Page]) -> None:
    assert pages["chapters/trade.html"].all("//img/@alt") == [
        'Bars of exports in 3 years, "with quotes" & <signs>'
    ]


@pytest.mark.parametrize("name", PAGES)
def test_headings(name: str, pages: dict[str, Page]) -> None:
    levels = [int(h.tag[1]) for h in pages[name].all("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique(name: str, pages: dict[str, Page]) -> None:
    ids = pages[name].all("//*/@id")
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_names_that_aids_read(name: str, pages: dict[str, Page]) -> None:
    page = pages[name]
    assert page.one("/html/@lang") == "en"
    assert page.one("//title").text
    for element in page.all("//nav | //*[@role='region'] | //dialog"):
        label = element.get("aria-label") or "".join(
            page.one(f"//*[@id='{key}']").text_content()
            for key in (element.get("aria-labelledby") or "").split()
        )
        assert label.strip(), lxml_html.tostring(element)[:80]
    for button in page.all("//button | //summary"):
        assert button.get("aria-label") or words(button)
    for link in page.all("//a"):
        assert link.get("aria-label") or words(link) or link.xpath(".//img/@alt")


@pytest.mark.parametrize("name", ["chapters/trade.html", "chapters/method.html"])
def test_table_heads(name: str, pages: dict[str, Page]) -> None:
    page = pages[name]
    assert page.all("//table")
    assert not page.all("//th[not(@scope)]")
    assert page.all("//thead//th") == page.all("//th[@scope='col']")
    assert not page.all("//table[not(.//th[@scope='col'])]")


def test_table(pages: dict[str, Page]) -> None:
    page = pages["chapters/trade.html"]
    rows = [[words(cell) for cell in row] for row in page.all("//figure[@id='tbl-flows']//tr")]
    assert rows == [
        ["Country", "Year", "Flow", "USD billion", "Remark"],
        ["KAZ", "2019", "export", "1.50", ""],
        ["2019", "import", "1.00", ""],
        ["2020", "export", "2.50", "with a comma, and *stars*"],
        ["2020", "import", "1.25", ""],
        ["KGZ", "2020", "export", "0.30", "rounding is coarse"],
        ["2021", "export", "0.31", ""],
    ]
    heads = page.all("//th[@scope='rowgroup']")
    assert [(words(head), head.get("rowspan")) for head in heads] == [("KAZ", "4"), ("KGZ", "2")]
    assert page.texts("//figure[@id='tbl-flows']//div[@class='exhibit-note']/p") == [
        "Sources: Alpha (2020), Beta (2021).",
        "Notes: As printed.",
    ]
    region = page.one("//figure[@id='tbl-flows']//*[@role='region']/@aria-label")
    assert region == "Exports and imports in Two Lands, 2019–2021"


def test_numbers(pages: dict[str, Page]) -> None:
    trade = pages["chapters/trade.html"]
    assert trade.texts("//main//h1 | //main//h2") == ["1 Trade", "1.1 A section", "1.2 Signs and letters"]
    assert trade.texts("//figcaption") == [
        "Table 1.1 Exports and imports in Two Lands, 2019–2021",
        "Figure 1.1 Exports by year (Alpha 2020)",
    ]
    assert pages["chapters/method.html"].texts("//main//h1") == ["2 Method"]
    assert pages["references.html"].texts("//main//h1") == ["References"]
    assert pages["index.html"].texts("//main//h1") == ["A small paper"]


def references(page: Page) -> list[tuple[str, str]]:
    return [
        (words(a).replace("\u00a0", " "), a.get("href")) for a in page.all("//a[@class='cross-reference']")
    ]


def test_cross_references(pages: dict[str, Page]) -> None:
    assert references(pages["chapters/trade.html"]) == [
        ("Table 1.1", "#tbl-flows"),
        ("Figure 1.1", "#fig-volume"),
        ("Section 1.1", "#sec-small"),
        ("1.1", "#tbl-flows"),
    ]
    assert references(pages["chapters/method.html"]) == [("Table 1.1", "../chapters/trade.html#tbl-flows")]
    assert references(pages["index.html"]) == [("Chapter 1", "chapters/trade.html#sec-trade")]
    link = pages["chapters/trade.html"].one("//a[text()='the next chapter']/@href")
    assert link == "../chapters/method.html#sec-method"


def test_variables(pages: dict[str, Page]) -> None:
    [text] = pages["index.html"].texts("//div[@class='prose']/p")
    assert text == "A paper on 2019–2021, version 1.2.3. The figures are in Chapter 1."


def test_footnote(pages: dict[str, Page]) -> None:
    page = pages["chapters/trade.html"]
    mark = page.one("//a[@role='doc-noteref']")
    note = page.one(f"//li[@id='{mark.get('href')[1:]}']")
    assert words(note).startswith("A footnote with a citation (Beta 2021).")
    assert note.xpath(".//a[@role='doc-backlink']/@href") == [f"#{mark.get('id')}"]


def test_citations_lead_to_the_references(pages: dict[str, Page]) -> None:
    cited = pages["chapters/trade.html"].all("//span[@class='citation']//a/@href")
    assert cited == [f"../references.html#ref-{key}" for key in (
        "alpha2020", "alpha2020", "beta2021", "alpha2020", "alpha2020", "beta2021",
    )]  # fmt: skip
    assert pages["references.html"].texts("//div[@id='refs']/div") == [
        "Alpha, Ann. 2020. “On Flows.” Journal of Flows.",
        "Beta, Bob. 2021. On Rates. Press.",
    ]


def test_callout_and_conditions(pages: dict[str, Page]) -> None:
    page = pages["chapters/method.html"]
    [callout] = page.all("//div[@role='note']")
    assert words(callout) == "Mind this A note."
    assert callout.xpath(".//p[@class='callout-title']/em/text()") == ["this"]
    assert "Only on the site." in page.texts("//main//p")
    assert "Only in print." not in page.text


def test_text_letter_for_letter(pages: dict[str, Page]) -> None:
    line = "Text with < > & # $ @ @ and 50 % of it; қазақша, кыргызча, тоҷикӣ."
    assert line in pages["chapters/trade.html"].texts("//main//p")


def test_chapters_menu(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for nav in page.all("//nav[.//ol[@class='chapters']]"):
            assert [words(a) for a in nav.xpath(".//ol//a")] == [
                "Summary",
                "1 Trade",
                "2 Method",
                "References",
            ]
            [current] = nav.xpath(".//a[@aria-current='page']/@href")
            assert (page.path.parent / current).resolve() == page.path.resolve(), name


@pytest.mark.parametrize(
    ("name", "back", "on"),
    [
        ("index.html", [], ["chapters/trade.html"]),
        ("chapters/trade.html", ["../index.html"], ["../chapters/method.html"]),
        ("chapters/method.html", ["../chapters/trade.html"], ["../references.html"]),
        ("references.html", ["chapters/method.html"], []),
    ],
)
def test_previous_and_next(name: str, back: list[str], on: list[str], pages: dict[str, Page]) -> None:
    page = pages[name]
    assert page.all("//head/link[@rel='prev']/@href") == back
    assert page.all("//head/link[@rel='next']/@href") == on
    if name != "index.html":
        assert page.all("//nav[@class='pager']/a[@rel='prev']/@href") == back
        assert page.all("//nav[@class='pager']/a[@rel='next']/@href") == on


def test_contents_of_a_page(pages: dict[str, Page]) -> None:
    page = pages["chapters/trade.html"]
    for nav in page.all(
        "//nav[contains(concat(' ', @class, ' '), ' toc ')] | //details[@class='toc-fold']/nav"
    ):
        assert [(words(a), a.get("href")) for a in nav.xpath(".//a")] == [
            ("1.1 A section", "#sec-small"),
            ("1.2 Signs and letters", "#signs-and-letters"),
        ]


def test_downloads(pages: dict[str, Page], site: Path) -> None:
    page = pages["chapters/trade.html"]
    links = {
        words(a): a.get("href")
        for a in page.all("//figure[@id='fig-volume']//div[@class='exhibit-downloads']//a")
    }
    assert links == {"Data (CSV)": "../exhibits/volume.csv", "Image (SVG)": "../exhibits/volume.svg"}
    assert page.all("//header//a[contains(., 'PDF')]/@href") == [
        "../small-region-en.pdf",
        "../small-region-en.pdf",
    ]
    assert (site / "small-region-en.pdf").read_bytes().startswith(b"%PDF-")


def test_title_block_and_metadata(pages: dict[str, Page]) -> None:
    page = pages["index.html"]
    assert page.texts("//dl//dd") == ["Two Lands", "1.2.3", "1 May 2024"]
    assert page.one("//dl//time/@datetime") == "2024-05-01"
    assert page.one("//meta[@name='citation_title']/@content") == "A small paper: Built by the tests"
    assert page.one("//meta[@name='citation_publication_date']/@content") == "2024/05/01"
    assert pages["chapters/trade.html"].one("//title").text == "1 Trade – A small paper"


def test_search_index(site: Path) -> None:
    folder = site / "pagefind"
    assert (folder / "pagefind.js").is_file()
    assert len(list((folder / "fragment").iterdir())) == len(PAGES)
    assert not list(folder.glob("*ui*"))
