"""Places in a work in the language of the text."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from corridor import pandoc
from corridor.locators import in_text, localise

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ("ru", "kk", "ky")


def located(value: Any) -> Iterator[str]:
    """Yield the texts under the name locator or locators anywhere in a YAML document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.startswith("locator"):
                yield from [inner] if isinstance(inner, str) else map(str, inner)
            else:
                yield from located(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from located(inner)


def locators_of_the_data() -> set[str]:
    found = set()
    for table in (ROOT / "data").glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found |= {text for name, text in row.items() if name.startswith("locator") and text}
    for document in (ROOT / "data").glob("*.yml"):
        found |= set(located(yaml.safe_load(document.read_text(encoding="utf-8"))))
    return found


def citations_of_the_chapters() -> set[str]:
    found = set()
    for chapter in [*(ROOT / "chapters").glob("*.qmd"), ROOT / "index.qmd"]:
        text = chapter.read_text(encoding="utf-8")
        found |= set(re.findall(r"\[[^\[\]]*(?<!\w)@[^\[\]]*\](?!\()|(?<!\w)@\w+\s\[[^\[\]]*\](?!\()", text))
    return found


def english(text: str) -> list[str]:
    """Return the English words outside quotation marks, keys of works left out."""
    bare = re.sub(r'"[^"]*"|(?<!\w)@[\w-]+', "", text)
    return re.findall(r"[A-Za-z]{2,}", bare)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_english_word_stays_in_a_locator_of_the_paper(language: str) -> None:
    locators = locators_of_the_data()
    assert len(locators) > 200
    assert [text for text in sorted(locators) if english(localise(text, language))] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_english_word_stays_in_a_citation_of_the_paper(language: str) -> None:
    citations = citations_of_the_chapters()
    assert len(citations) > 50
    assert [text for text in sorted(citations) if english(in_text(text, language))] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_quotations_numbers_and_keys_stay(language: str) -> None:
    for text in locators_of_the_data():
        said = localise(text, language)
        assert re.findall(r'"[^"]*"', said) == re.findall(r'"[^"]*"', text)
        assert sorted(re.findall(r"\d+", said)) == sorted(re.findall(r"\d+", text))
    for text in citations_of_the_chapters():
        said = in_text(text, language)
        assert re.findall(r"@[\w-]+", said) == re.findall(r"@[\w-]+", text)
        assert said.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("locator", "russian", "kazakh", "kyrgyz"),
    [
        ("sec. 2.1", "разд. 2.1", "2.1‑бөл.", "2.1‑бөл."),
        ("Table 1", "табл. 1", "1‑кесте", "1‑таблица"),
        ("secs. 5, 5.1 and 5.2", "разд. 5, 5.1 и 5.2", "5, 5.1 және 5.2‑бөл.", "5, 5.1 жана 5.2‑бөл."),
        (
            "sec. 5.2, Strategy 2, Weaknesses 1 to 3 and Threats 1",
            "разд. 5.2, стратегия 2, слабые стороны 1–3 и угрозы 1",
            "5.2‑бөл., 2‑стратегия, әлсіз жақтар 1–3 және қауіптер 1",
            "5.2‑бөл., 2‑стратегия, алсыз жактар 1–3 жана коркунучтар 1",
        ),
        (
            'Results, "(1) Kazakhstan", before Fig. 2',
            'результаты, "(1) Kazakhstan", перед рис. 2',
            'нәтижелер, "(1) Kazakhstan", 2‑суреттің алдында',
            'натыйжалар, "(1) Kazakhstan", 2‑сүрөттүн алдында',
        ),
        ("Appendix, question 4", "приложение, вопрос 4", "қосымша, 4‑сұрақ", "тиркеме, 4‑суроо"),
        ('"sec. 1 and 2"', '"sec. 1 and 2"', '"sec. 1 and 2"', '"sec. 1 and 2"'),
        ("Resultsx, xsec. 2", "Resultsx, xsec. 2", "Resultsx, xsec. 2", "Resultsx, xsec. 2"),
    ],
)
def test_locators(locator: str, russian: str, kazakh: str, kyrgyz: str) -> None:
    assert [localise(locator, one) for one in ("en", "ru", "kk", "ky")] == [locator, russian, kazakh, kyrgyz]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Growth [@a2025, sec. 2.1; @b2024, Table 3].", "Growth [@a2025, разд. 2.1; @b2024, табл. 3]."),
        ("As @a2025 [sec. 2] says in sec. 3.", "As @a2025 [разд. 2] says in sec. 3."),
        ("[@c2021; cited in @a2025, sec. 3]", "[@c2021; цит. по @a2025, разд. 3]"),
        ("[-@a2025, p. 4]", "[-@a2025, с. 4]"),
        ("[@a2025, sec.\n2]", "[@a2025, разд. 2\n]"),
        # No citations: a link, a claim, code, an address, a reference to a table.
        ("[sec. 2](a.qmd) [Results]{.claim}", "[sec. 2](a.qmd) [Results]{.claim}"),
        ("[by @a2025, sec. 2](a.qmd)", "[by @a2025, sec. 2](a.qmd)"),
        ("@a2025 [Results]{.claim}", "@a2025 [Results]{.claim}"),
        ("`[@a2025, sec. 2]`", "`[@a2025, sec. 2]`"),
        ("[a@b.org, sec. 2]", "[a@b.org, sec. 2]"),
        ("See [@tbl-sec] and [@sec-results].", "See [@tbl-sec] and [@sec-results]."),
    ],
)
def test_locators_in_text(text: str, expected: str) -> None:
    assert in_text(text, "ru") == expected
    assert in_text(text, "en") == text


def test_pandoc_leaves_the_hyphens_of_kazakh_locators() -> None:
    text = in_text("[@huang2025, sec. 2.1, Table 3]", "kk")
    settings = ("--citeproc", "--bibliography", str(ROOT / "references.bib"), "--metadata", "lang=kk")
    assert "2.1‑бөл., 3‑кесте)" in pandoc.run(text, *settings, "--to", "plain", "--wrap=none")


def test_citations_with_russian_locators_read_well() -> None:
    text = in_text(
        "Рост [@huang2025, sec. 2.1; @zhang2025, Table 3, row 2]. @huang2025 [secs. 1 and 2].", "ru"
    )
    settings = ("--citeproc", "--bibliography", str(ROOT / "references.bib"), "--metadata", "lang=ru")
    shown = pandoc.run(
        text, *settings, "--metadata", "suppress-bibliography=true", "--to", "plain", "--wrap=none"
    )
    assert ", разд. 2.1;" in shown
    assert ", табл. 3, строка 2)" in shown
    assert ", разд. 1 и 2)" in shown
