"""The whole site of two editions in two languages: links, alternates, lists for machines."""

import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import lxml.html
import pypdf
import pytest

from corridor.errors import PaperError
from corridor.paper import Paper, open_paper
from corridor.publish import EditionState, Published, open_rendered, publish
from corridor.publish.switches import LISTED, Renditions, filled
from corridor.publish.switches import switch as panel
from corridor.store import Store

from .build import ADDRESS, published, small_paper

RENDITIONS = ("kaz/en", "kaz/ru", "region/en", "region/ru")
PAGES = (
    "chapters/facts.html", "chapters/method.html", "chapters/trade.html", "facts/rows/flows.html",
    "index.html", "references.html",
)  # fmt: skip
EXTRA = "chapters/extra.html"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def tree(file: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(file.read_bytes())


def all_pages(site: Path) -> list[str]:
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))


def test_what_is_there(site: Path) -> None:
    pages = [f"{one}/{page}" for one in RENDITIONS for page in PAGES]
    own = ["404.html", "editions.html", "index.html"]
    extra = [f"region/{language}/{EXTRA}" for language in ("en", "ru")]
    assert all_pages(site) == sorted([*pages, *extra, *own])
    assert (site / "region" / "en" / "small-region-en.pdf").is_file()
    assert not list(site.rglob(".*"))


def test_shared_files_are_there_once(site: Path) -> None:
    for name in ("paper.css", "paper.js", "facts.css", "facts.js", "switch.css", "switch.js", "hub.css"):
        assert [p.relative_to(site).as_posix() for p in site.rglob(name)] == [f"assets/{name}"]


def test_no_dead_link(site: Path) -> None:
    trees = {(site / page).resolve(): tree(site / page) for page in all_pages(site)}
    seen = 0
    for file, page in trees.items():
        for target in page.xpath("//@href | //@src"):
            parts = urlsplit(target)
            if parts.scheme or target.startswith(ADDRESS):
                continue
            assert not parts.path.startswith("/"), f"{file}: {target}"
            found = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            assert found.is_relative_to(site.resolve()), f"{file}: {target}"
            assert found.is_file(), f"{file}: {target}"
            if parts.fragment and found in trees:
                assert trees[found].xpath("//*[@id=$id]", id=unquote(parts.fragment)), f"{file}: {target}"
            seen += 1
    assert seen > 500


def alternates(site: Path, page: str) -> dict[str, str]:
    links = tree(site / page).xpath("//head/link[@rel='alternate'][@hreflang]")
    return {link.get("hreflang"): urljoin(ADDRESS + page, link.get("href")) for link in links}


def rendered_pages(site: Path) -> list[str]:
    return [page for page in all_pages(site) if page.count("/") > 1]


def test_alternates_are_mutual(site: Path) -> None:
    for page in rendered_pages(site):
        found = alternates(site, page)
        assert set(found) == {"en", "ru", "x-default"}
        assert found["x-default"] == found["en"]
        language = page.split("/")[1]
        assert found[language] == ADDRESS + page
        for address in found.values():
            other = address.removeprefix(ADDRESS)
            assert (
                other.split("/")[::2] == page.split("/")[::2] or other.split("/")[2:] == page.split("/")[2:]
            )
            assert alternates(site, other) == found


def test_canonical_links(site: Path) -> None:
    for page in rendered_pages(site):
        assert tree(site / page).xpath("//head/link[@rel='canonical']/@href") == [ADDRESS + page]


def switch(site: Path, page: str, name: str) -> list[tuple[str, str, str | None]]:
    links = tree(site / page).xpath("//details[@class='renditions']//nav[@aria-label=$name]//a", name=name)
    return [(a.text_content(), a.get("href"), a.get("aria-current")) for a in links]


def test_switch(site: Path) -> None:
    page = "region/ru/chapters/trade.html"
    assert switch(site, page, "Язык") == [
        ("English", "../../../region/en/chapters/trade.html", None),
        ("Русский", "../../../region/ru/chapters/trade.html", "true"),
    ]
    assert switch(site, page, "Издание") == [
        ("Две страны", "../../../region/ru/chapters/trade.html", "true"),
        ("Казахстан", "../../../kaz/ru/chapters/trade.html", None),
        ("Все издания", "../../../index.html", None),
    ]
    [english] = tree(site / page).xpath("//a[text()='English']")
    assert (english.get("lang"), english.get("hreflang")) == ("en", "en")


def test_switch_where_the_other_edition_lacks_the_page(site: Path) -> None:
    found = {text: href for text, href, _ in switch(site, f"region/en/{EXTRA}", "Edition")}
    assert found["Kazakhstan"] == "../../../kaz/en/index.html"
    [link] = tree(site / "region" / "en" / EXTRA).xpath(
        "//nav[@aria-label='Edition']//a[text()='Kazakhstan']"
    )
    assert link.get("data-same-page") is None


def test_no_place_is_left_empty(site: Path) -> None:
    for page in rendered_pages(site):
        text = (site / page).read_text(encoding="utf-8")
        assert "<!--renditions" not in text, page
        is_text = "facts/rows" not in page
        assert (text.count('<details class="renditions"'), text.count("switch.js")) == (is_text, is_text), (
            page
        )


def test_bar_on_pages_of_other_engines() -> None:
    text = "<html><head><title>&lt;/head></title></head><body><p>Some.</p></body></html>"
    page = filled(text, "<link>", "<details></details>")
    bar = '<div class="renditions-bar"><details></details></div>'
    assert page == (
        f"<html><head><title>&lt;/head></title><link>\n</head><body><p>Some.</p>{bar}\n</body></html>"
    )
    assert "renditions-bar" not in filled(text, "<link>", "")


def test_sitemap(site: Path) -> None:
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    urls = {url.findtext(f"{SITEMAP}loc"): url for url in root}
    assert set(urls) == {ADDRESS + page for page in all_pages(site) if page != "404.html"}
    for page in rendered_pages(site):
        links = urls[ADDRESS + page].findall(f"{XHTML}link")
        assert {a.get("hreflang"): a.get("href") for a in links} == alternates(site, page)
        assert urls[ADDRESS + page].findtext(f"{SITEMAP}lastmod") == "2024-05-01"


def test_feed(site: Path) -> None:
    root = ElementTree.parse(site / "feed.xml").getroot()
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        "tag:example.org,2024-01-31:small/0.2.0",
        "tag:example.org,2024-01-31:small/0.1.0",
    ]
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == [
        "2024-05-01T00:00:00Z",
        "2024-01-31T00:00:00Z",
    ]
    changes = lxml.html.fromstring(entries[0].findtext(f"{ATOM}content") or "")
    assert changes.text_content().strip() == "Signs such as < and stars."
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "House & Sons"
    assert root.findtext(f"{ATOM}updated") == "2024-05-01T00:00:00Z"
    hub = tree(site / "index.html")
    assert hub.xpath("//head/link[@type='application/atom+xml']/@href") == ["feed.xml"]


def test_hub(site: Path) -> None:
    hub = tree(site / "index.html")
    assert hub.get("lang") == "en"
    assert hub.xpath("string(//h1)") == "Paper: Two Lands"
    assert hub.xpath("string(//p[@class='hub-about'])") == "About Two Lands."
    cards = hub.xpath("//section[@class='hub-editions']/ul/li")
    assert [card.xpath("string(h3/a)") for card in cards] == ["Two Lands", "Kazakhstan"]
    counts = " ".join(cards[0].xpath("string(p[@class='hub-counts'])").split())
    assert counts == "Chapters: 6 Tables: 2 Figures: 1 Facts: 6"
    languages = [
        [(a.text, a.get("href"), a.get("lang"), a.get("hreflang")) for a in card.xpath(".//a[@lang]")]
        for card in cards
    ]
    assert languages == [
        [("English", f"{slug}/en/index.html", "en", "en"), ("Русский", f"{slug}/ru/index.html", "ru", "ru")]
        for slug in ("region", "kaz")
    ]
    [pdf] = hub.xpath("//a[@type='application/pdf']")
    size = (site / "region" / "en" / "small-region-en.pdf").stat().st_size
    assert (pdf.get("href"), pdf.text) == ("region/en/small-region-en.pdf", f"PDF, {size / 1000:.0f} kB")
    assert pdf.get("aria-label").startswith("PDF, English, Two Lands")
    assert hub.xpath("//footer//a/@href") == ["mailto:office@example.org", "feed.xml", "editions.html"]
    assert hub.xpath("//img/@src") == ["region/en/logo.svg"]


def test_map_leads_to_editions_of_one_country(site: Path) -> None:
    hub = tree(site / "index.html")
    [link] = hub.xpath("//figure//*[local-name()='svg']//*[local-name()='a']")
    assert (link.get("href"), link.get("aria-label")) == ("kaz/en/index.html", "Kazakhstan")
    assert hub.xpath("//*[@class='map-covered']/*[local-name()='path']")


def test_publisher_on_pages(site: Path) -> None:
    page = tree(site / "kaz" / "ru" / "chapters" / "trade.html")
    [logo] = page.xpath("//header//img")
    assert (logo.get("src"), logo.get("alt")) == ("../logo.svg", "House & Sons")
    foot = page.xpath("string(//footer)")
    assert all(text in foot for text in ("House & Sons", "1 Street, Town", "CC BY 4.0"))
    assert page.xpath("//footer//a/@href")[0] == "mailto:office@example.org"
    assert page.xpath("//meta[@name='citation_publisher']/@content") == ["House & Sons"]


def test_state_of_the_editions(site: Path) -> None:
    rows = tree(site / "editions.html").xpath("//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert cells == [
        ["Two Lands KAZ, KGZ", "English", "1.2.3", "2024-05-01", "–", "0", "–", "PDF"],
        ["Русский", "1.2.3", "2024-05-01", "–", "0", "–", "–"],
        ["Kazakhstan KAZ", "English", "1.2.3", "2024-05-01", "–", "0", "–", "–"],
        ["Русский", "1.2.3", "2024-05-01", "–", "0", "–", "–"],
    ]


def test_states_that_are_given(
    paper: Paper, renditions: list[Published], store: Store, tmp_path: Path
) -> None:
    states = [
        EditionState(
            slug="kaz", title="Kazakhstan", countries=("KAZ",), language="kk", fresh=False,
            missing=("trade.kaz.exports_2013", "tbl-<swot>"), translated=7, stale=2, total=9,
        ),
        EditionState(slug="kaz", title="Kazakhstan", countries=("KAZ",), language="en", fresh=True),
    ]  # fmt: skip
    own = copy_of(paper, tmp_path)
    publish(own, renditions, states, store)
    rows = tree(own.site / "editions.html").xpath("//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    missing = "2trade.kaz.exports_2013tbl-<swot>"
    assert cells == [
        ["Kazakhstan KAZ", "Қазақ тілі", "–", "–", "older than its sources", missing,
         "7 / 9 (of older text: 2)", "–"],
        ["English", "–", "–", "up to date", "0", "–", "–"],
    ]  # fmt: skip


def copy_of(paper: Paper, folder: Path) -> Paper:
    """Return the paper in another folder, without what was built."""
    root = folder / "paper"
    shutil.copytree(paper.root, root, ignore=shutil.ignore_patterns("_build", "site"))
    return open_paper(root)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_same_bytes_again(paper: Paper, renditions: list[Published], site: Path, tmp_path: Path) -> None:
    own = copy_of(paper, tmp_path)
    published(own, renditions)
    assert contents(own.site) == contents(site)
    (own.site / "old.html").write_text("old", encoding="utf-8")
    published(own, renditions)
    assert contents(own.site) == contents(site)


def test_renditions_do_not_change(renditions: list[Published], site: Path) -> None:
    for one in renditions:
        text = (one.folder / "index.html").read_text(encoding="utf-8")
        assert "<!--renditions: links-->" in text
        assert {other.slug for other in renditions if f"../{other.slug}/" in text} == set()


def test_without_an_address(built: Path, renditions: list[Published], tmp_path: Path) -> None:
    own = small_paper(built, tmp_path / "paper", address=None)
    [said] = published(own, renditions)
    assert "site-url" in said
    assert not (own.site / "sitemap.xml").exists()
    assert not (own.site / "feed.xml").exists()
    page = tree(own.site / "region" / "en" / "chapters" / "trade.html")
    assert not page.xpath("//link[@rel='canonical']")
    assert page.xpath("//link[@hreflang='ru']/@href") == ["../../../region/ru/chapters/trade.html"]
    assert tree(own.site / "404.html").xpath("//base") == []


def test_bad_address(built: Path, renditions: list[Published], tmp_path: Path) -> None:
    own = small_paper(built, tmp_path / "paper", address="example.org")
    own.site.mkdir()
    (own.site / "index.html").write_text("last good", encoding="utf-8")
    with pytest.raises(PaperError, match=r'_quarto\.yml:5: .*"example\.org" is no address of the web'):
        published(own, renditions)
    assert (own.site / "index.html").read_text(encoding="utf-8") == "last good"


def test_last_site_stays_where_a_page_is_missing(
    paper: Paper, renditions: list[Published], tmp_path: Path
) -> None:
    own = copy_of(paper, tmp_path)
    published(own, renditions)
    before = contents(own.site)
    with pytest.raises(FileNotFoundError):
        published(own, [*renditions[:3], replace(renditions[3], folder=tmp_path / "nowhere")])
    assert contents(own.site) == before
    assert [p.name for p in own.root.glob(".site*")] == []


def test_one_rendition_needs_no_hub(paper: Paper, renditions: list[Published], tmp_path: Path) -> None:
    own = copy_of(paper, tmp_path)
    published(own, [renditions[3]])
    assert tree(own.site / "index.html").xpath("//meta[@http-equiv='refresh']/@content") == [
        "0; url=kaz/ru/index.html"
    ]
    page = tree(own.site / "kaz" / "ru" / "index.html")
    assert not page.xpath("//details[@class='renditions'] | //link[@hreflang]")


def test_missing_page_speaks_all_languages(site: Path) -> None:
    page = tree(site / "404.html")
    assert page.xpath("//base/@href") == [ADDRESS]
    assert page.xpath("//section/@lang") == ["en", "ru"]
    assert page.xpath("//a/@href") == ["region/en/index.html", "region/ru/index.html", "index.html"]


def test_publisher_in_print(site: Path) -> None:
    title = pypdf.PdfReader(site / "region" / "en" / "small-region-en.pdf").pages[0]
    text = title.extract_text()
    assert all(part in text for part in ("House & Sons", "1 Street, Town", "office@example.org", "CC BY 4.0"))
    drawing = title.get_contents()
    assert drawing is not None
    assert b"0.9098" in drawing.get_data(), "the red of #e8c020"


# --- what is right already stays


@pytest.fixture
def own(paper: Paper, renditions: list[Published], tmp_path: Path) -> Paper:
    """Return a published paper whose rendered pages are its own, to be changed."""
    copy = copy_of(paper, tmp_path)
    shutil.copytree(paper.build, copy.build)
    published(copy, rendered(copy, renditions))
    return copy


def rendered(own: Paper, renditions: list[Published]) -> list[Published]:
    """Return renditions as they lie in another copy of the paper now."""
    found = []
    for one in renditions:
        folder = own.build / one.slug / f"{one.language}-rendered"
        found.append(open_rendered(own, one.rendition, folder))
    return found


def inodes(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_ino for p in folder.rglob("*") if p.is_file()}


def test_only_what_has_changed_is_written(own: Paper, renditions: list[Published]) -> None:
    before, inside = contents(own.site), inodes(own.site)
    change(own.build / "kaz" / "en-rendered" / "index.html", "</h1>", " anew</h1>")
    published(own, rendered(own, renditions))
    after = contents(own.site)
    assert {name for name in after if after[name] != before[name]} == {"kaz/en/index.html"}
    written = {name for name, inode in inodes(own.site).items() if inode != inside[name]}
    # Pages of the rendition are filled again; its other files are those of the rendered folder.
    parts = {name.rpartition("/")[0].partition("/chapters")[0].partition("/facts")[0] for name in written}
    assert parts <= {"", "kaz/en"}
    assert all(name.endswith((".html", ".xml")) for name in written)


def change(file: Path, old: str, new: str) -> None:
    """Put a changed file in the place of another, as whatever writes below the build folder does."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.unlink()
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_what_was_touched_is_mended(own: Paper, renditions: list[Published], site: Path) -> None:
    page = own.site / "kaz" / "ru" / "index.html"
    page.write_text("touched", encoding="utf-8")
    (own.site / "kaz" / "en" / "references.html").unlink()
    (own.site / "region" / "strange").mkdir()
    (own.site / "region" / "strange" / "page.html").write_text("strange", encoding="utf-8")
    (own.site / "region" / "en" / "more.html").write_text("strange", encoding="utf-8")
    shutil.rmtree(own.site / "assets")
    published(own, rendered(own, renditions))
    assert contents(own.site) == contents(site)
    assert not (own.site / "region" / "strange").exists()


def test_record_that_is_damaged(own: Paper, renditions: list[Published], site: Path) -> None:
    for text in ("{", "[]"):
        (own.build / "published.json").write_text(text, encoding="utf-8")
        published(own, rendered(own, renditions))
        assert contents(own.site) == contents(site)


def test_renditions_that_come_and_go(own: Paper, renditions: list[Published], site: Path) -> None:
    here = rendered(own, renditions)
    published(own, here[:3])
    assert not (own.site / "kaz" / "ru").exists()
    page = tree(own.site / "kaz" / "en" / "index.html")
    assert page.xpath("//details[@class='renditions']//nav[1]//@hreflang") == ["en"]
    published(own, here[:2])
    assert not (own.site / "kaz").exists()
    published(own, here)
    assert contents(own.site) == contents(site)


def test_rendered_pages_stay_what_they_are(own: Paper, renditions: list[Published]) -> None:
    folder = own.build / "region" / "en-rendered"
    before = contents(folder)
    name = "small-region-en.pdf"
    assert (folder / name).samefile(own.site / "region" / "en" / name), "not copied"
    change(folder / "exhibits" / "flows.csv", "\n", "\n\n")
    published(own, rendered(own, renditions))
    after = contents(folder)
    assert {key for key in after if after[key] != before[key]} == {"exhibits/flows.csv"}
    assert contents(own.site)["region/en/exhibits/flows.csv"] == after["exhibits/flows.csv"]


def test_many_editions_are_not_listed_on_each_page(renditions: list[Published]) -> None:
    one = renditions[2]

    def other(number: int) -> Published:
        edition = replace(one.rendition.edition, slug=f"e{number}", title=f"E {number}")
        return replace(one, rendition=replace(one.rendition, edition=edition), edition=f"E {number}")

    def listed(count: int) -> list[str]:
        text = panel(one, "index.html", Renditions([one, *map(other, range(count - 1))]))
        return lxml.html.fromstring(text).xpath("//nav[2]//@href")

    assert len(listed(LISTED)) == LISTED + 1
    assert listed(LISTED + 1) == ["../../kaz/en/index.html", "../../index.html"]
