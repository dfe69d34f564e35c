"""Nothing of one country shows in another's edition: facts, SWOT items, captions, file names, metadata."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from lxml import html

from conftest import ROOT

COUNTRIES = {
    "kazakhstan": "kaz",
    "kyrgyz-republic": "kgz",
    "tajikistan": "tjk",
    "turkmenistan": "tkm",
    "uzbekistan": "uzb",
}
# What all names of a country begin with, in English, Russian, Kazakh and Kyrgyz.
STEMS = {
    "kaz": ("kazakh", "казах", "қазақ", "казак"),
    "kgz": ("kyrgyz", "кыргыз", "киргиз", "қырғыз"),
    "tjk": ("tajik", "таджик", "тәжік", "тажик"),
    "tkm": ("turkmen", "туркмен", "түрікмен", "түркмөн"),
    "uzb": ("uzbek", "узбек", "өзбек"),
}
# A railway's name and ends, and the two countries of the interviews, for which there are figures of both.
_DASH = r"\s*[–—-]\s*"
SHARED = re.compile(
    rf"(?i)(?:China|Китай|Қытай|Кытай){_DASH}\w+{_DASH}\w+|from China to Uzbekistan|из Китая в Узбекистан|"
    r"Kazakhstan and (?:the )?Kyrgyz Republic|Казахстан\w* и Кыргызск\w+ Республик\w+|"
    r"Қазақстан\w* (?:пен|мен|және) Қырғыз Республикасы\w*|"
    r"Казакстан\w* (?:менен|жана) Кыргыз Республикасы\w*"
)


@cache
def renditions(site: Path) -> list[tuple[str, Path]]:
    """Return each rendition of a country's edition: the country's code, and the folder."""
    found = [(code, folder) for slug, code in COUNTRIES.items() for folder in sorted((site / slug).iterdir())]
    assert len(found) >= 2 * len(COUNTRIES)
    return found


def others(code: str) -> list[str]:
    return [other for other in STEMS if other != code]


def foreign(text: str, code: str) -> list[str]:
    """Return the names of other countries in a text, with what stands around them."""
    plain = SHARED.sub("", text)
    stems = [stem for other in others(code) for stem in STEMS[other] if stem not in STEMS[code]]
    # The Kyrgyz word for Kazakh is the Russian one for Cossack and begins otherwise in the other languages.
    return [plain[max(0, m.start() - 40) : m.end() + 20] for m in re.finditer("|".join(stems), plain, re.I)]


def pages(folder: Path) -> Iterator[tuple[Path, html.HtmlElement]]:
    for file in sorted(folder.rglob("*.html")):
        page = html.parse(str(file)).getroot()
        # The switches lead to the other editions, and say so.
        for node in page.xpath('//*[contains(@class, "renditions")] | //link[@rel="alternate"]'):
            node.drop_tree()
        yield file, page


def test_names_of_files(whole_site: Path) -> None:
    for code, folder in renditions(whole_site):
        names = [file.relative_to(folder).as_posix().lower() for file in folder.rglob("*")]
        parts = {part for name in names for part in re.split(r"[/._-]", name)}
        assert not parts & {*others(code), *(STEMS[other][0] for other in others(code))}
        assert not [name for name in names if foreign(name, code)]


def test_facts(whole_site: Path) -> None:
    for code, folder in renditions(whole_site):
        facts = json.loads((folder / "facts" / "facts.json").read_text(encoding="utf-8"))
        assert len(facts) > 100
        own = [one for one in facts if code in re.split(r"[._]", one["key"])]
        assert len(own) > 50
        for one in facts:
            assert not set(re.split(r"[._]", one["key"])) & set(others(code)) - shared_parts(one["key"]), one[
                "key"
            ]
            # Locators quote the words by which their place is found.
            assert not foreign(f"{one['title']} {one['how']} {one['note']}", code), one["key"]


def shared_parts(key: str) -> set[str]:
    """Return the countries that a key names as the parts of a group or of a way between them."""
    return set(re.split(r"[._]", key)) if re.search(r"kaz_kgz|chn_kgz_uzb", key) else set()


@pytest.mark.parametrize("language", ["en", "ru", "kk", "ky"])
def test_swot_items(whole_site: Path, language: str) -> None:
    from corridor.data import open_package

    items = open_package(ROOT / "data", language).document("swot")["items"]
    for code, folder in renditions(whole_site):
        if folder.name != language:
            continue
        own = {item[name] for item in items if item["id"].startswith(code) for name in ("title", "text")}
        not_own = {item["text"] for item in items if not item["id"].startswith(code)} - own
        identifiers = [item["id"] for item in items if not item["id"].startswith(code)]
        assert not_own
        for file in folder.rglob("*"):
            if file.suffix in (".html", ".csv", ".json", ".js"):
                text = file.read_text(encoding="utf-8")
                found = [one for one in not_own if one in text] + [one for one in identifiers if one in text]
                assert not found, file


def test_captions_headings_and_identifiers(whole_site: Path) -> None:
    for code, folder in renditions(whole_site):
        for file, page in pages(folder):
            for node in page.xpath("//figcaption | //h1 | //h2 | //h3 | //h4 | //thead//th | //summary"):
                assert not foreign(node.text_content(), code), file
            for node in page.xpath("//*[@id]"):
                assert not set(re.split(r"[._-]", node.get("id"))) & set(others(code)) - shared_parts(
                    node.get("id").replace("-", "_")
                ), file


def test_metadata(whole_site: Path) -> None:
    for code, folder in renditions(whole_site):
        for file, page in pages(folder):
            contents = [node.get("content") or "" for node in page.xpath("//meta")]
            assert not foreign(" ".join([*contents, *page.xpath("//title/text()")]), code), file


def test_each_edition_is_about_its_country(whole_site: Path) -> None:
    """The tests above would pass on empty pages: each edition names its own country often."""
    for code, folder in renditions(whole_site):
        text = " ".join(page.text_content() for _, page in pages(folder)).lower()
        assert sum(text.count(stem) for stem in STEMS[code]) > 100, folder


def test_region_shows_all(whole_site: Path) -> None:
    facts = json.loads(
        (whole_site / "central-asia" / "en" / "facts" / "facts.json").read_text(encoding="utf-8")
    )
    parts = {part for one in facts for part in re.split(r"[._]", one["key"])}
    assert set(STEMS) <= parts
    settings = yaml.safe_load((ROOT / "editions" / "central-asia.yml").read_text(encoding="utf-8"))
    assert len(settings["countries"]) == len(STEMS)
