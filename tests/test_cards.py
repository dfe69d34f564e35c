"""The cards of facts and the search of the facts page in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import Watch, open_browser, open_page, serve
from corridor.render.embedded.html import write_assets, write_site
from corridor.store import Store
from facts_paper import METHOD, TRADE, small_facts, stage_facts

pytestmark = pytest.mark.browser

TEXT = "\n".join(["Words that fill the page.\n"] * 40)
ROOM = {"chapters/trade.qmd": f"{TRADE}\n{TEXT}", "chapters/method.qmd": f"{TEXT}{METHOD}{TEXT}"}


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cards")
    project, _ = stage_facts(built, folder / "staged", small_facts(), ROOM)
    write_site(project, folder / "region" / "en", Store(folder / "store"), has_pdf=False)
    write_assets(folder / "assets")
    return folder / "region" / "en"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with serve(site.parents[1]) as host:
        yield f"{host}region/en/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser) as opened:
        watch = Watch(opened)
        yield opened
        assert watch.complaints == []


def card(page: Page) -> Locator:
    return page.locator(".fact-card")


def fact(page: Page, text: str, number: int = 0) -> Locator:
    return page.locator("a.fact", has_text=re.compile(text.replace(" ", "\\s"))).nth(number)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent").replace("\u00a0", " ")


def reach(page: Page, text: str) -> None:
    """Press Tab until the focus is on a fact."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.fact')") and focused(page) == text:
            return
    raise AssertionError(f"no Tab leads to {text}")


def test_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/trade.html")
    expect(fact(page, "2.2 times")).to_have_attribute("aria-expanded", "false")
    reach(page, "2.2 times")
    expect(card(page)).to_be_visible()
    expect(card(page)).to_have_attribute("role", "dialog")
    expect(fact(page, "2.2 times")).to_have_attribute("aria-expanded", "true")
    expect(fact(page, "2.2 times")).to_have_accessible_description(
        re.compile(r"as a multiple of those in 2021 2\.19111111111\stimes")
    )
    expect(card(page)).to_have_accessible_name("Exports in 2023 as a multiple of those in 2021")
    said = []
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('.fact-card').contains(document.activeElement)")
        said.append(focused(page))
    assert said == [
        "×",
        "Alpha (2020)",
        "Beta (2021)",
        "Exports of Aland to China, 2023",
        "Exports of Aland to China, 2021, January 2021 – June 2021",
        "This fact in the list of all facts",
    ]
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(fact(page, "2.2 times")).to_be_focused()
    expect(fact(page, "2.2 times")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    assert focused(page) == "Beta 2021" or focused(page) == "2021", "the next thing in the text: a note"


def test_tab_leaves_the_card(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/method.html")
    reach(page, "24 firms")
    expect(card(page)).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
    assert focused(page) == "This fact in the list of all facts"
    page.keyboard.press("Tab")
    expect(fact(page, "19.72 billion")).to_be_focused()
    expect(card(page).locator(".fact-title")).to_have_text("Exports of Aland to China, 2023")
    page.keyboard.press("Shift+Tab")
    expect(fact(page, "24 firms")).to_be_focused()
    expect(card(page).locator(".fact-title")).to_have_text('Firms asked in "Two Lands" & beyond')


def test_enter_leads_to_the_entry(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/trade.html")
    reach(page, "2.2 times")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chapters/facts.html#fact-trade-aaa-exports_ratio")
    expect(page.locator("#fact-trade-aaa-exports_ratio")).to_be_in_viewport()


def test_links_in_a_card(page: Page, address: str) -> None:
    for text, url, place in (
        ("row in flows", "facts/rows/flows.html#trade.aaa.exports_2023", "[id='trade.aaa.exports_2023']"),
        ("Alpha (2020)", "references.html#ref-alpha2020", "#ref-alpha2020"),
        ("This fact", "chapters/facts.html#fact-trade-aaa-exports_2023", "#fact-trade-aaa-exports_2023"),
    ):
        page.goto(f"{address}chapters/method.html")
        fact(page, "19.72 billion").hover()
        card(page).locator("a", has_text=text).click()
        page.wait_for_url(address + url)
        expect(page.locator(place)).to_be_in_viewport()
    page.goto(f"{address}chapters/trade.html")
    fact(page, "2.2 times").hover()
    card(page).locator("a", has_text="2021").last.click()
    page.wait_for_url(f"{address}chapters/facts.html#fact-trade-aaa-exports_2021")


def test_hover(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/trade.html")
    fact(page, "9 billion").hover()
    expect(card(page).locator(".fact-value")).to_contain_text("over USD")
    card(page).hover()
    page.wait_for_timeout(600)
    expect(card(page)).to_be_visible()
    page.mouse.move(5, 400)
    expect(card(page)).to_be_hidden()
    fact(page, "9 billion").hover()
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()


def test_passing_over_opens_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/trade.html")
    fact(page, "9 billion").hover()
    page.mouse.move(5, 400)
    page.wait_for_timeout(600)
    expect(card(page)).to_have_count(0)


def test_close_button(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/trade.html")
    fact(page, "9 billion").hover()
    card(page).get_by_role("button", name="Close").click()
    expect(card(page)).to_be_hidden()
    expect(fact(page, "9 billion")).to_be_focused()


@pytest.mark.parametrize("end", ["start", "center", "end"])
def test_card_is_within_the_window(end: str, page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 560})
    page.goto(f"{address}chapters/method.html")
    page.add_style_tag(content="html { scroll-behavior: auto !important }")
    for link in page.locator("a.fact").all():
        link.evaluate("(link, end) => link.scrollIntoView({ block: end })", end)
        page.evaluate("end => end === 'start' && scrollBy(0, -120)", end)
        link.hover()
        expect(link).to_have_attribute("aria-expanded", "true")
        box, fact_box = card(page).bounding_box(), link.bounding_box()
        assert box
        assert fact_box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 560
        assert box["y"] >= fact_box["y"] + fact_box["height"] or box["y"] + box["height"] <= fact_box["y"]
        top = "box => document.elementFromPoint(box.x + 20, box.y + 8).className"
        assert "fact-card" in page.evaluate(top, box), "something covers the card"
        page.keyboard.press("Escape")


def test_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}chapters/trade.html")
    fact(page, "2.2 times").tap()
    expect(card(page)).to_be_visible()
    expect(card(page)).to_contain_text("as a multiple")
    assert page.url == f"{address}chapters/trade.html"
    page.wait_for_timeout(500)
    box, fact_box = card(page).bounding_box(), fact(page, "2.2 times").bounding_box()
    assert box
    assert fact_box
    assert (box["x"], box["width"]) == (0, 360)
    assert round(box["y"] + box["height"]) == 640
    assert fact_box["y"] + fact_box["height"] <= box["y"], "the card covers its fact"
    button = card(page).get_by_role("button").bounding_box()
    assert button
    assert min(button["width"], button["height"]) >= 44
    page.locator("th", has_text="How much").tap()
    expect(card(page)).to_be_hidden()
    fact(page, "2.2 times").tap()
    card(page).locator("a", has_text="This fact").tap()
    page.wait_for_url("**/chapters/facts.html#fact-trade-aaa-exports_ratio")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.goto(f"{address}facts/rows/flows.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}chapters/trade.html")
    fact(page, "2.2 times").click()
    page.wait_for_url("**/chapters/facts.html#fact-trade-aaa-exports_ratio")
    expect(page.locator("#fact-trade-aaa-exports_ratio")).to_be_in_viewport()
    expect(page.locator("article")).to_have_count(6)
    expect(page.locator(".fact-search")).to_be_hidden()
    page.locator("#fact-survey-firms .fact-uses a").click()
    page.wait_for_url("**/chapters/method.html#use-survey-firms")
    expect(fact(page, "24 firms")).to_be_in_viewport()
    context.close()


def test_cards_come_when_asked_for(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(f"{address}chapters/trade.html", wait_until="networkidle")
    assert "facts.js" in asked
    assert "cards.js" not in asked
    fact(page, "9 billion").hover()
    expect(card(page)).to_be_visible()
    fact(page, "2.2 times").hover()
    expect(card(page)).to_contain_text("as a multiple")
    assert asked.count("cards.js") == 1


def test_mark_is_discreet(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/method.html")
    colours = "link => getComputedStyle(link).color === getComputedStyle(link.parentElement).color"
    line = "link => getComputedStyle(link).textDecorationLine + getComputedStyle(link).textDecorationStyle"
    assert fact(page, "24 firms").evaluate(colours)
    assert fact(page, "24 firms").evaluate(line) == "underlinedotted"
    page.emulate_media(media="print")
    assert fact(page, "24 firms").evaluate(line).startswith("none")


def test_dark_and_still(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(f"{address}chapters/method.html")
    fact(page, "24 firms").hover()
    expect(card(page)).to_be_visible()
    style = "card => [getComputedStyle(card).backgroundColor, getComputedStyle(card).animationName]"
    assert card(page).evaluate(style) == [
        page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "none",
    ]


def test_search_of_facts(page: Page, address: str) -> None:
    page.goto(f"{address}chapters/facts.html")
    shown = page.locator("article:visible")
    expect(shown).to_have_count(6)
    field = page.get_by_role("searchbox", name="Search the facts")
    status = page.locator(".fact-search").get_by_role("status")
    for query, ids in {
        "RATIO": ["fact-trade-aaa-exports_ratio"],
        "aland 2021": ["fact-trade-aaa-exports_2021", "fact-trade-aaa-exports_ratio"],
        "19,720,000,000": ["fact-summary-exports", "fact-trade-aaa-exports_2023"],
        "annex": ["fact-survey-firms"],
    }.items():
        field.fill(query)
        expect(shown).to_have_count(len(ids))
        assert shown.evaluate_all("all => all.map(one => one.id)") == ids
        expect(status).to_have_text(f"Facts shown: {len(ids)} of 6")
    expect(page.locator("#facts-trade")).to_be_hidden()
    page.evaluate("location.hash = '#fact-survey-delays'")
    expect(shown).to_have_count(6)
    expect(field).to_have_value("")
    expect(page.locator("#fact-survey-delays")).to_be_in_viewport()
    field.fill("<nothing>")
    expect(shown).to_have_count(0)
    expect(status).to_have_text("Facts shown: 0 of 6")


def test_from_disk(page: Page, site: Path) -> None:
    page.goto((site / "chapters" / "trade.html").as_uri())
    reach(page, "2.2 times")
    expect(card(page)).to_contain_text("as a multiple")
    fact(page, "9 billion").hover()
    expect(card(page)).to_contain_text("over USD")
    card(page).locator("a", has_text="row in flows").click()
    expect(page.locator("[id='trade.aaa.exports_2021']")).to_be_in_viewport()
    page.goto((site / "chapters" / "facts.html").as_uri())
    page.get_by_role("searchbox", name="Search the facts").fill("ratio")
    expect(page.locator("article:visible")).to_have_count(1)
