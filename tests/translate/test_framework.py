"""The framework's own words in other languages."""

import shutil
from pathlib import Path

import pytest

import corridor
from corridor import messages
from corridor.translate.framework import LANGUAGES, texts, update
from corridor.translate.parity import check_catalogue
from corridor.words import ENGLISH, words

PACKAGE = Path(corridor.__file__).parent


def test_catalogues_have_every_text(tmp_path: Path) -> None:
    copy = tmp_path / "corridor"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    assert update(copy) == [], "run python -m corridor.translate.framework"


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_keep_what_the_texts_have(language: str) -> None:
    path = PACKAGE / "locales" / f"{language}.po"
    assert check_catalogue(path, PACKAGE.parent, language, prose=False) == []


def test_words_have_their_key_as_context() -> None:
    found = {(text.context, text.id) for text in texts()}
    assert ("note", "Note") in found
    assert (None, "Parts of this chapter are not translated yet; they are shown in English.") in found


def test_words_fall_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    said = {
        "kk": [("note", "Note", "Ескерту")],
        "ru": [("note", "Note", "Примечание"), ("page", "page", "с.")],
    }
    for language, entries in said.items():
        content = "\n".join(f'msgctxt "{c}"\nmsgid "{i}"\nmsgstr "{s}"\n' for c, i, s in entries)
        (tmp_path / f"{language}.po").write_text(head + content, encoding="utf-8")
    monkeypatch.setattr(messages, "_FRAMEWORK", tmp_path)
    kazakh = words("kk")
    assert (kazakh["note"], kazakh["page"], kazakh["menu"]) == ("Ескерту", "с.", "Menu")
    assert words("en") == ENGLISH
