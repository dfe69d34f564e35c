"""All editions of the reference paper in all languages: one site, the same places, no words left over."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from lxml import html

from conftest import ROOT, run_corridor

PLAN = {
    "central-asia": ["en", "ru"],
    "kazakhstan": ["en", "ru", "kk"],
    "kyrgyz-republic": ["en", "ru", "ky"],
    "tajikistan": ["en", "ru"],
    "turkmenistan": ["en", "ru"],
    "uzbekistan": ["en", "ru"],
}
RENDITIONS = [(slug, language) for slug, languages in PLAN.items() for language in languages]
ENGLISH = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,;:()]*){4,}")


def pages(folder: Path) -> Iterator[tuple[Path, html.HtmlElement]]:
    for file in sorted(folder.rglob("*.html")):
        yield file, html.parse(str(file)).getroot()


def test_every_rendition_is_there(whole_site: Path) -> None:
    found = {p.name: sorted(q.name for q in p.iterdir()) for p in whole_site.iterdir() if (p / "en").is_dir()}
    assert found == {slug: sorted(languages) for slug, languages in PLAN.items()}
    files = {p.name: yaml.safe_load(p.read_text(encoding="utf-8")) for p in (ROOT / "editions").glob("*.yml")}
    assert {name.removesuffix(".yml"): one["languages"] for name, one in files.items()} == PLAN
    for slug, language in RENDITIONS:
        for file, page in pages(whole_site / slug / language):
            assert page.get("lang") == language, file


def test_no_dead_link(whole_site: Path) -> None:
    ids: dict[Path, set[str]] = {}
    targets: set[tuple[Path, str, Path]] = set()
    for file, page in pages(whole_site):
        ids[file] = set(page.xpath("//@id"))
        base = file.parent
        if file.name == "404.html":
            continue  # a host shows it anywhere: its base is the site's address
        for address in page.xpath("//@href | //@src"):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            goal = (base / unquote(parts.path)).resolve() if parts.path else file
            targets.add((goal, unquote(parts.fragment), file))
    assert len(targets) > 1000
    for goal, fragment, file in targets:
        assert goal.is_file(), f"{file}: {goal}"
        if fragment and goal in ids:
            assert fragment in ids[goal], f"{file}: {goal}#{fragment}"


def test_places_are_the_same_in_all_languages(whole_site: Path) -> None:
    for slug, languages in PLAN.items():
        places = []
        for language in languages:
            folder = whole_site / slug / language
            found = {
                file.relative_to(folder).as_posix(): [
                    one for one in page.xpath("//h1/@id | //h2/@id | //h3/@id | //figure/@id") if one
                ]
                for file, page in pages(folder)
                if "rows" not in file.parts
            }
            places.append(found)
        assert all(one == places[0] for one in places), slug
        assert sum(len(found) for found in places[0].values()) > 40


@pytest.mark.parametrize("slug", PLAN)
def test_no_english_is_left_in_russian(whole_site: Path, slug: str) -> None:
    """Besides names and what is quoted: titles of works, the words by which a locator finds its place."""
    for file, page in pages(whole_site / slug / "ru"):
        for node in page.xpath(
            "//script | //style | //code | //*[@lang and @lang != 'ru'] | //*[@id='refs']"
        ):
            node.drop_tree()
        for node in page.xpath(
            "//main//p | //main//li | //main//th | //main//td | //figcaption | //nav//a | //h2"
        ):
            words = re.sub(r"[“«\"„][^“«»\"„”]*[”»\"“]", "", " ".join(node.text_content().split()))
            found = ENGLISH.search(words)
            assert not found or is_name(found[0]), f"{file}: {words[:200]}"


def is_name(words: str) -> bool:
    """Whether all words are names, which begin with a capital, or little words between them."""
    return all(word[0].isupper() or len(word) < 4 for word in re.findall(r"[A-Za-z]+", words))


def test_what_is_not_translated_says_so(whole_site: Path) -> None:
    for slug, language in (("kazakhstan", "kk"), ("kyrgyz-republic", "ky")):
        folder = whole_site / slug / language
        for name in ("index.html", "chapters/recommendations.html"):
            page = html.parse(str(folder / name)).getroot()
            assert not page.xpath("//main//*[@lang='ru' or @lang='en']"), name
        trade = html.parse(str(folder / "chapters" / "trade.html")).getroot()
        assert trade.xpath("//main//*[contains(@class, 'untranslated')]")
        assert trade.xpath("//main//p//*[@lang='ru']")
        # Values in Russian sentences are Russian, those in tables and captions of the rendition's language.
        inside = " ".join(" ".join(trade.xpath("//span[@lang='ru']//text()")).split())
        assert "млрд долл" in inside
        assert not re.search(r"АҚШ|АКШ", inside)
        assert re.search(r"АҚШ|АКШ", " ".join(node.text_content() for node in trade.xpath("//thead")))


def test_new_edition_passes(reference: Path) -> None:
    run_corridor(
        reference, "edition", "new", "fergana", "--countries", "UZB", "--languages", "en,ru", expect=0
    )
    try:
        done = run_corridor(reference, "check", "--edition", "fergana", "--language", "en", expect=0)
    finally:
        (reference / "editions" / "fergana.yml").unlink()
    assert "fergana/en: no faults" in done.stdout
