"""The site of two editions in two languages in a real browser, below a prefix and from disk."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Handler, Watch, open_browser, open_page, serve
from corridor.publish import Published

from .build import published, small_paper

pytestmark = pytest.mark.browser


class Host(Handler):
    """A static host that shows the site's own page where there is none."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        del message, explain
        body = (Path(self.directory) / "papers" / "site" / "404.html").read_bytes() if code == 404 else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture(scope="module")
def local(built: Path, renditions: list[Published], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a paper that does not say where it will be."""
    paper = small_paper(built, tmp_path_factory.mktemp("host") / "papers", address=None)
    published(paper, renditions)
    return paper.site


@pytest.fixture(scope="module")
def address(local: Path) -> Iterator[str]:
    with serve(local.parents[1], Host) as host:
        yield f"{host}papers/site/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser) as opened:
        yield opened


@pytest.fixture
def watch(page: Page) -> Watch:
    return Watch(page)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "editions.html", "404.html", "kaz/ru/index.html"])
def test_pages_fit_and_are_silent(
    name: str, scheme: Any, width: int, page: Page, watch: Watch, address: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(address + name, wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)") == []
    assert watch.complaints == []
    assert {urlsplit(url).netloc for url in watch.requests if not url.startswith("data:")} == {
        urlsplit(address).netloc
    }


@pytest.mark.parametrize("width", [360, 1280])
def test_switch_keeps_the_fragment(width: int, page: Page, watch: Watch, address: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + "region/en/chapters/extra.html#sec-part")
    page.locator(".renditions > summary").click()
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(address + "region/ru/chapters/extra.html#sec-part")
    expect(page.locator("#sec-part")).to_be_in_viewport()
    assert watch.complaints == []


def test_switch_finds_the_section_that_is_read(page: Page, address: str) -> None:
    page.goto(address + "region/en/chapters/extra.html")
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.evaluate("document.querySelector('#sec-part').scrollIntoView(); scrollBy(0, 300)")
    open_by_mouse(page)
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(address + "region/ru/chapters/extra.html#sec-part")


def test_switch_forgets_a_place_that_the_reader_left(page: Page, address: str) -> None:
    page.goto(address + "region/en/chapters/extra.html#sec-part")
    page.wait_for_function("document.querySelector('#sec-part').getBoundingClientRect().top < 200")
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -100)
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.wait_for_function("scrollTo(0, 0), scrollY === 0")
    open_by_mouse(page)
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(address + "region/ru/chapters/extra.html")


def open_by_mouse(page: Page) -> None:
    """Open the list where it is: Playwright's own click scrolls to what sticks at the top."""
    box = page.locator(".renditions > summary").bounding_box()
    assert box
    page.mouse.click(box["x"] + 5, box["y"] + 5)


def test_switch_at_the_top_of_a_page(page: Page, address: str) -> None:
    page.goto(address + "region/en/chapters/extra.html")
    page.locator(".renditions > summary").click()
    page.get_by_role("link", name="Kazakhstan").click()
    page.wait_for_url(address + "kaz/en/index.html")


def test_switch_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "kaz/en/chapters/trade.html#sec-trade")
    summary = page.locator(".renditions > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".renditions-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".renditions-panel")).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(address + "kaz/ru/chapters/trade.html#sec-trade")


def test_switch_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "kaz/en/chapters/trade.html#sec-trade")
    page.locator(".renditions > summary").click()
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(address + "kaz/ru/chapters/trade.html")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    context.close()


def test_search_stays_in_the_rendition(page: Page, watch: Watch, address: str) -> None:
    page.goto(address + "kaz/en/chapters/method.html")
    page.keyboard.press("/")
    page.keyboard.type("words")
    expect(page.locator(".search-results a", has_text="Trade").first).to_be_visible()
    paths = page.locator(".search-results a").evaluate_all("links => links.map(a => a.pathname)")
    assert all(path.startswith("/papers/site/kaz/en/") for path in paths), paths
    assert watch.complaints == []


def test_card_of_a_fact(page: Page, watch: Watch, address: str) -> None:
    page.goto(address + "kaz/ru/chapters/trade.html")
    page.locator("a.fact").first.hover()
    expect(page.locator(".fact-card")).to_contain_text("Exports of Aland")
    page.locator(".fact-card .fact-more a").click()
    page.wait_for_url(re.compile(r"/kaz/ru/chapters/facts\.html#"))
    assert watch.complaints == []


def test_map_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "index.html")
    land = page.locator(".map a")
    land.focus()
    assert land.locator("path").evaluate("path => getComputedStyle(path).strokeWidth") == "3px"
    page.keyboard.press("Enter")
    page.wait_for_url(address + "kaz/en/index.html")
    expect(page.get_by_role("img", name="House & Sons")).to_be_visible()


@pytest.mark.parametrize("path", ["nowhere.html", "kaz/en/chapters/deep/er/nowhere.html", "a/b/"])
def test_missing_page_at_any_depth(path: str, page: Page, address: str) -> None:
    page.goto(address + path, wait_until="networkidle")
    expect(page.locator("section")).to_have_count(2)
    page.get_by_role("link", name="All editions").click()
    page.wait_for_url(address + "index.html")
    page.goto(address + path, wait_until="networkidle")
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(address + "region/ru/index.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colour_of_the_publisher(scheme: Any, page: Page, address: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address + "kaz/en/chapters/trade.html")
    accent = page.evaluate(
        "getComputedStyle(document.querySelector('.prose a.cross-reference, .prose a')).color"
    )
    theme = {"light": "rgb(15, 79, 92)", "dark": "rgb(134, 203, 210)"}[scheme]
    red, _, blue = map(int, re.findall(r"\d+", page.evaluate(
        "(() => { const probe = document.createElement('p'); probe.style.color = 'var(--accent)';"
        "document.body.append(probe); return getComputedStyle(probe).color })()"
    )))  # fmt: skip
    assert accent != theme
    assert red > blue, "the publisher's colour is a yellow"


def test_from_disk(page: Page, watch: Watch, local: Path) -> None:
    page.goto((local / "index.html").as_uri())
    assert page.locator("body").evaluate("body => getComputedStyle(body).margin") == "0px", "no style sheet"
    page.locator(".hub-languages a", has_text="Русский").first.click()
    page.wait_for_url(re.compile(r"^file:.*/region/ru/index\.html$"))
    assert page.locator("body").evaluate("body => getComputedStyle(body).margin") == "0px", "no style sheet"
    page.locator(".sidebar a", has_text="Extra").click()
    page.goto(f"{page.url}#sec-part")
    page.locator(".renditions > summary").click()
    page.get_by_role("link", name="English").click()
    page.wait_for_url(re.compile(r"^file:.*/region/en/chapters/extra\.html#sec-part$"))
    page.locator(".renditions > summary").click()
    page.get_by_role("link", name="All editions").click()
    page.wait_for_url((local / "index.html").as_uri())
    assert watch.complaints == []
    assert {urlsplit(url).scheme for url in watch.requests} <= {"file", "data"}
