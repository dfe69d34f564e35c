"""Names of areas with the forms that sentences of a language need."""

import json
from pathlib import Path

import pytest

from conftest import edit
from corridor.check.tables import check_tables
from corridor.data import Package, open_package
from corridor.names import FORMS, Name, forms_of, read_names
from corridor.store import Store

ROOT = Path(__file__).parents[1]
NAMES = """\
code,language,form,text
KGZ,en,definite,the Kyrgyz Republic
KGZ,en,genitive,the Kyrgyz Republic’s
KGZ,en,adjective,Kyrgyz
KGZ,ky,name,Кыргыз Республикасы
KGZ,ky,short,Кыргызстан
KGZ,ky,genitive,Кыргыз Республикасынын
KGZ,ky,dative,Кыргыз Республикасына
KGZ,ky,accusative,Кыргыз Республикасын
KGZ,ky,locative,Кыргыз Республикасында
KGZ,ky,ablative,Кыргыз Республикасынан
KGZ,ky,adjective,кыргызстандык
"""


@pytest.fixture
def named(paper: Path) -> Path:
    """Return the root of a small paper with names of one area in two languages."""
    (paper / "data" / "names.csv").write_text(NAMES, encoding="utf-8")
    file = paper / "data" / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    columns = [{"name": name, "type": "string"} for name in ("code", "language", "form", "text")]
    key = {"fields": "code", "reference": {"resource": "areas", "fields": "code"}}
    schema = {"fields": columns, "primaryKey": ["code", "language", "form"], "foreignKeys": [key]}
    package["resources"].append({"name": "names", "type": "table", "path": "names.csv", "schema": schema})
    file.write_text(json.dumps(package, indent=1), encoding="utf-8")
    return paper


def faults(root: Path) -> list[str]:
    store = Store(root / "_build" / "store")
    return [str(fault) for fault in check_tables(open_package(root / "data"), root, None, store)]


def test_names_without_faults(named: Path) -> None:
    assert faults(named) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "KGZ,ky,short",
            "KGX,ky,short",
            'data/names.csv:6: code: "KGX" is not in data/areas.csv; did you mean "KGZ"?',
        ),
        (
            "KGZ,en,genitive,",
            "KGZ,en,genetive,",
            'data/names.csv:3: form: "genetive" is no form of names in "en"; did you mean "genitive"?',
        ),
        (
            "KGZ,en,definite,",
            "KGZ,en,instrumental,",
            'data/names.csv:2: form: "instrumental" is no form of names in "en"; '
            "write one of definite, genitive, adjective",
        ),
        (
            "KGZ,en,adjective,Kyrgyz\n",
            "",
            'data/names.csv:2: "KGZ" has some of its forms in "en", but not adjective; add a row for each',
        ),
        (
            "KGZ,ky,name,Кыргыз Республикасы\nKGZ,ky,short,Кыргызстан\n",
            "",
            'data/names.csv:5: "KGZ" has some of its forms in "ky", but not name, short; add a row for each',
        ),
        (
            "KGZ,ky,dative,Кыргыз Республикасына\n",
            "KGZ,ky,dative,Кыргыз Республикасына\n" * 2,
            "data/names.csv:9: the row stands twice, first in line 8 (same code, language, form); delete one",
        ),
    ],
)
def test_faults_of_names(named: Path, old: str, new: str, message: str) -> None:
    edit(named / "data" / "names.csv", old, new)
    assert faults(named) == [message]


def test_names_are_read_in_the_first_language_that_has_them(named: Path) -> None:
    package = open_package(named / "data")
    kyrgyz, english = read_names(package, "ky"), read_names(package, "en")
    assert (kyrgyz["KGZ"], kyrgyz["KGZ"].locative) == ("Кыргыз Республикасы", "Кыргыз Республикасында")
    assert (kyrgyz["KAZ"], kyrgyz["KAZ"].locative) == ("Kazakhstan", "Kazakhstan")
    assert (english["KGZ"], english["KGZ"].definite) == ("Kyrgyz Republic", "the Kyrgyz Republic")
    assert read_names(package, "ru")["KGZ"].adjective == "Kyrgyz"


def test_a_name_has_no_unknown_form() -> None:
    name = Name("Қытай", {"dative": "Қытайға"})
    assert (f"{name}", name.dative, name.genitive) == ("Қытай", "Қытайға", "Қытай")
    with pytest.raises(AttributeError, match="vocative"):
        _ = name.vocative


# --- The names of the paper


@pytest.fixture(scope="module")
def package() -> Package:
    return open_package(ROOT / "data")


@pytest.mark.parametrize("language", FORMS)
def test_every_area_of_the_paper_has_all_forms(package: Package, language: str) -> None:
    rows = package.table("names").query("language == @language")
    pairs = set(zip(rows["code"], rows["form"], strict=True))
    assert pairs == {(code, form) for code in package.table("areas")["code"] for form in forms_of(language)}


@pytest.mark.parametrize(
    ("language", "letters"),
    [("ru", "а-яё"), ("kk", "а-яёәғқңөұүһі"), ("ky", "а-яёңөү"), ("en", "a-zü’")],
)
def test_names_are_in_the_letters_of_their_language(package: Package, language: str, letters: str) -> None:
    rows = package.table("names").query("language == @language")
    assert rows[~rows["text"].str.fullmatch(rf"(?i)[{letters}6 «»(),.-]+")].empty
    assert rows[rows["text"].str.contains(r"^\s|\s$|\s\s|\.\.")].empty


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "{kgz.genitive} exports to {xwo.definite}, {kaz.adjective} firms"),
        ("ru", "Экспорт {kgz.genitive} в {chn.accusative}, {kaz.adjective_plural} фирмы в {xca.locative}"),
        ("kk", "{kgz.genitive} {chn.dative} экспорты, {chn.instrumental} сауда, {xca.locative}"),
        ("ky", "{kaz.genitive} {chn.dative} экспорту, {uzb.ablative}, {xca.locative}"),
    ],
)
def test_sentences(package: Package, language: str, sentence: str) -> None:
    names = {code.lower(): name for code, name in read_names(package, language).items()}
    said = {
        "en": "the Kyrgyz Republic’s exports to the world, Kazakh firms",
        "ru": "Экспорт Кыргызской Республики в Китай, казахстанские фирмы в Центральной Азии",
        "kk": "Қырғыз Республикасының Қытайға экспорты, Қытаймен сауда, Орталық Азияда",
        "ky": "Казакстандын Кытайга экспорту, Өзбекстандан, Борбор Азияда",
    }
    assert sentence.format(**names) == said[language]


@pytest.mark.parametrize("language", ["kk", "ky"])
def test_endings_of_cases(package: Package, language: str) -> None:
    names = read_names(package, language)
    cases = [form for form in FORMS[language] if form not in ("short", "adjective")]
    alike = [names[code] for code in ("KAZ", "TJK", "TKM", "UZB")]  # all end in -стан
    for case in cases:
        assert len({getattr(name, case).removeprefix(name) for name in alike}) == 1, case
    for name in names.values():
        assert len({str(name), *(getattr(name, case) for case in cases)}) == len(cases) + 1
