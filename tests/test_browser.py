"""The site of the small paper in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Watch, open_browser, open_page, serve

pytestmark = pytest.mark.browser

PAGES = ("index.html", "chapters/trade.html", "chapters/method.html", "references.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    """Serve the site below a prefix, as many hosts do."""
    with serve(built) as host:
        yield f"{host}site/region/en/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser) as opened:
        yield opened


@pytest.fixture
def watch(page: Page) -> Watch:
    return Watch(page)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_and_are_silent(name: str, width: int, page: Page, watch: Watch, address: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + name, wait_until="networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.evaluate("window.scrollTo(200, 0)")
    assert page.evaluate("window.scrollX") == 0
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)")
    assert broken == []
    assert watch.complaints == []
    hosts = {urlsplit(url).netloc for url in watch.requests if not url.startswith("data:")}
    assert hosts == {urlsplit(address).netloc}


def test_root_leads_to_the_paper(page: Page, address: str) -> None:
    page.goto(address.removesuffix("region/en/"))
    page.wait_for_url(f"{address}index.html")


def test_search(page: Page, watch: Watch, address: str) -> None:
    page.goto(address + "index.html")
    page.locator(".search-open").click()
    page.locator("dialog.search input").fill("footnote")
    result = page.locator(".search-results a").first
    expect(result).to_contain_text("Trade")
    expect(page.locator(".search-status")).to_contain_text("Results: ")
    result.click()
    page.wait_for_url(re.compile(r"/site/region/en/chapters/trade\.html"))
    expect(page.locator("h1")).to_have_text("1 Trade")
    expect(page.locator("dialog.search")).to_be_hidden()
    assert watch.complaints == []
    assert {urlsplit(url).netloc for url in watch.requests} <= {urlsplit(address).netloc, ""}


@pytest.mark.parametrize(
    ("word", "title"), [("қазақша", "Trade"), ("Alpha", "References"), ("Mind", "Method")]
)
def test_search_finds(word: str, title: str, page: Page, address: str) -> None:
    page.goto(address + "chapters/method.html")
    page.keyboard.press("/")
    page.keyboard.type(word)
    expect(page.locator(".search-results a", has_text=title).first).to_be_visible()


def test_search_finds_nothing(page: Page, address: str) -> None:
    page.goto(address + "index.html")
    page.keyboard.press("/")
    page.keyboard.type("<b>zzqx</b>")
    expect(page.locator(".search-status")).to_have_text("Nothing found for “<b>zzqx</b>”.")
    expect(page.locator(".search-results li")).to_have_count(0)


def test_search_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "index.html")
    page.keyboard.press("/")
    field = page.locator("dialog.search input")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("method")
    expect(page.locator(".search-results a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search-results a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).to_be_hidden()


def test_skip_link(page: Page, address: str) -> None:
    page.goto(address + "chapters/trade.html")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_dark_is_remembered(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address + "index.html")
    light = background(page)
    switch = page.locator(".theme-switch")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.goto(address + "chapters/trade.html")
    dark = background(page)
    assert dark != light
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    assert background(page) == light
    page.reload()
    assert background(page) == light
    page.emulate_media(color_scheme="dark")
    assert background(page) == light, "the reader's choice gives way to the system's"


def test_dark_of_the_system(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(address + "index.html")
    light = background(page)
    page.emulate_media(color_scheme="dark")
    assert background(page) != light
    expect(page.locator(".theme-switch")).to_have_attribute("aria-pressed", "true")


def test_menu_on_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address + "index.html")
    link = page.locator(".menu-panel a", has_text="Method")
    expect(link).to_be_hidden()
    page.locator(".menu > summary").click()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(page.locator(".menu > summary")).to_be_focused()
    page.keyboard.press("Enter")
    link.click()
    expect(page.locator("h1")).to_have_text("2 Method")


def test_links_between_pages(page: Page, address: str) -> None:
    page.goto(address + "index.html")
    page.locator("a.cross-reference", has_text="Chapter").click()
    page.wait_for_url(address + "chapters/trade.html#sec-trade")
    page.locator(".prose a", has_text="the next chapter").click()
    page.wait_for_url(address + "chapters/method.html#sec-method")
    page.locator("a.cross-reference", has_text="Table").click()
    page.wait_for_url(address + "chapters/trade.html#tbl-flows")
    expect(page.locator("#tbl-flows")).to_be_in_viewport()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript(width: int, browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(address + "index.html")
    expect(page.locator(".search-open")).to_be_hidden()
    expect(page.locator(".theme-switch")).to_be_hidden()
    if width < 600:
        page.locator(".menu > summary").click()
        page.locator(".menu-panel a", has_text="Trade").click()
    else:
        page.locator(".sidebar a", has_text="Trade").click()
    page.wait_for_url(address + "chapters/trade.html")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#tbl-flows table")).to_be_visible()
    expect(page.locator("#fig-volume img")).to_be_visible()
    page.locator(".pager a[rel=next]").click()
    expect(page.locator("h1")).to_have_text("2 Method")
    context.close()


def test_from_disk(page: Page, watch: Watch, built: Path) -> None:
    page.goto((built / "site" / "index.html").as_uri())
    page.wait_for_url(re.compile(r"/region/en/index\.html$"))
    page.locator(".sidebar a", has_text="Trade").click()
    expect(page.locator("h1")).to_have_text("1 Trade")
    assert page.locator("#fig-volume img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.locator("body").evaluate("body => getComputedStyle(body).margin") == "0px", "no style sheet"
    page.keyboard.press("/")
    expect(page.locator(".search-status")).to_contain_text("Search needs a web server")
    page.keyboard.press("Escape")
    page.locator(".theme-switch").click()
    expect(page.locator(".theme-switch")).to_have_attribute("aria-pressed", "true")
    assert watch.complaints == []
    assert {urlsplit(url).scheme for url in watch.requests} <= {"file", "data"}
