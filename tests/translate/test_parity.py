"""What translations must keep."""

from pathlib import Path

import pytest

from corridor.translate.parity import check_parity, staleness

HEAD = 'msgid ""\nmsgstr ""\n"Language: ru\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def found(root: Path, name: str, *pairs: tuple[str, str], head: str = "", comment: str = "") -> list[str]:
    """Write a catalogue of messages and return what the check says, without the places of the messages."""
    path = root / "locales/ru" / f"{name}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    quoted = [
        tuple(part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for part in pair)
        for pair in pairs
    ]
    entries = [f'{comment}{head}msgid "{one}"\nmsgstr "{other}"\n' for one, other in quoted]
    path.write_text(HEAD + "\n".join(entries), encoding="utf-8")
    faults = check_parity(root, "ru", [name])
    assert {fault.file for fault in faults} <= {f"locales/ru/{name}.po"}
    return [fault.what for fault in faults]


GOOD = [
    ("Sales [rose]{1} to {a.b}.", "До {a.b} продажи [выросли]{1}."),
    ("In {study.x-words} texts", "В {study.x-number} текстах"),
    ("Sales of {name.home-definite}", "Продажи {name.home-genitive}"),
    ("Two [a]{1} and [b]{2}", "Два [б]{2} и [а]{1}"),
    (
        "See [text](a.qmd#b), `code` and[^n] {[@x, sec. 2]}",
        "Ср. {[@x, sec. 2]}, `code`, [текст](a.qmd#b)[^n]",
    ),
    ("A **bold** and *other*", "**Жирный** и *другой*"),
    ("A {{brace}} \\[ here", "Скобка {{скобка}} \\[ тут"),
    ("[link](a.qmd){1} and `x`{2}", "[ссылка](a.qmd){1} и `x`{2}"),
    ("5 * 3", "5 * 3"),
    ("Anything {a}", ""),
]


@pytest.mark.parametrize(("source", "text"), GOOD)
def test_what_is_kept(tmp_path: Path, source: str, text: str) -> None:
    assert found(tmp_path, "chapters/x", (source, text)) == []


BAD = [
    ("To {a.b}.", "До.", "the placeholder {a.b} is missing"),
    ("To {a.b}.", "До {a.b} и {a.b}.", "the placeholder {a.b} stands there 2 times, in the English 1 times"),
    ("To {a.b} of {a.b}.", "До {a.b}.", "the placeholder {a.b} stands there 1 times, in the English 2 times"),
    ("In {a.b-words}", "В {a.b-wrods}", '{a.b-wrods}: there is no form "wrods"'),
    ("Of {name.kgz}", "Для {name.kgz-definite}", '{name.kgz-definite}: there is no form "definite" in "ru"'),
    ("So {[@x, sec. 2]}.", "Так.", "the citation {[@x, sec. 2]} is missing"),
    ("{@tbl-a} shows", "Показано", "the reference {@tbl-a} is missing"),
    ("It [rose]{1}", "Это выросло", "the mark {1} is missing"),
    ("It [rose]{1}", "Это выросло {1}", "{1} stands behind no words"),
    ("[a](b.qmd)", "[а](в.qmd)", "the link target b.qmd is missing"),
    ("`a` b", "`б` б", "the code `a` is missing"),
    ("a[^n]", "а", "the footnote [^n] is missing"),
    ("To {a.b}", "До {a.b", 'a brace belongs to no placeholder: "{a.b"'),
    ("To {a.b}", "До a.b}", 'a brace belongs to no placeholder: "До a.b}"'),
    ("To {a.b}", "До {{< var a.b >}}", '"{{< var a.b >}}" stands in the translation'),
    ("[a]{1} b", "[а]{1} [б", 'a bracket "[" has no "]"'),
    ("[a]{1} b", "[а]{1} б]", 'a bracket "]" has no "["'),
    ("a **b**", "а **б", '"**" opens or closes nothing'),
    ("a *b*", "а *б", '"*" opens or closes nothing'),
    ("a b", "а\n\nб", "the translation has several paragraphs"),
]


@pytest.mark.parametrize(("source", "text", "what"), BAD)
def test_what_is_not_kept(tmp_path: Path, source: str, text: str, what: str) -> None:
    assert found(tmp_path, "chapters/x", (source, text))[:1] == [what]


def test_what_is_misspelt_is_told_with_what_is_meant(tmp_path: Path) -> None:
    found(tmp_path, "chapters/x", ("a", "а"), ("To {trade.x} and {7}", "До {trade.у}"))
    faults = check_parity(tmp_path, "ru")
    assert [(fault.line, fault.what, fault.mend) for fault in faults] == [
        (10, "the placeholder {trade.x} is missing", "put it where it belongs in the translation"),
        (10, "the mark {7} is missing", "put it where it belongs in the translation"),
        (10, "the placeholder {trade.у} is not in the English", 'did you mean "{trade.x}"?'),
    ]


def test_an_unknown_number(tmp_path: Path) -> None:
    assert "the mark {7} is not in the English" in found(tmp_path, "index", ("[a]{1}", "[а]{1} [б]{7}"))


def test_a_cell_ends_at_a_stroke(tmp_path: Path) -> None:
    assert found(tmp_path, "index", ("a", "а | б"), comment="#. cell\n") == [
        'a "|" would end the cell of the table'
    ]
    assert found(tmp_path, "index", ("a", "а \\| б"), comment="#. cell\n") == []


FORMATS = [
    ("From {place} in {year:.1f}", "Из {place.genitive} в {year:.1f}", []),
    ("Of {place.definite}", "Для {place.genitive}", []),
    ("No field", "Без {поля}", ["{поля} is not in the English"]),
    ("100 % {{x}}", "100 % {{х}}", []),
    ("From {place}", "Из", ["{place} is missing"]),
    ("From {place}", "Из {plase}", ["{plase} is not in the English", "{place} is missing"]),
    ("From {place}", "Из {place.genetive}", ['{place.genetive}: there is no form "genetive" in "ru"']),
    ("From {place}", "Из {place", ['a brace belongs to no field: "Из {place"']),
]


@pytest.mark.parametrize(("source", "text", "what"), FORMATS)
def test_fields_of_python(tmp_path: Path, source: str, text: str, what: list[str]) -> None:
    assert found(tmp_path, "analysis/x", (source, text)) == what


def plural(root: Path, *forms: str) -> list[str]:
    path = root / "locales/ru/analysis/x.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    strings = "".join(f'msgstr[{number}] "{form}"\n' for number, form in enumerate(forms))
    path.write_text(f'{HEAD}msgid "one"\nmsgid_plural "{{n}} of them"\n{strings}', encoding="utf-8")
    return [fault.what for fault in check_parity(root, "ru")]


def test_plurals(tmp_path: Path) -> None:
    assert plural(tmp_path, "{n} раз", "{n} раза", "{n} раз") == []
    # The first form is also for 21 and 31.
    assert plural(tmp_path, "раз", "{n} раза", "{n} раз") == ["{n} is missing"]
    assert plural(tmp_path, "{n} раз", "", "{n} раз") == ["the plural form 1 is empty"]


def test_stale_translations_are_told_apart(tmp_path: Path) -> None:
    stale = '#, fuzzy\n#| msgid "To {a}"\n'
    assert found(tmp_path, "chapters/x", ("To {b}", "До {a}"), head=stale) == []
    [fault] = staleness(tmp_path, "ru")
    assert (fault.file, fault.line) == ("locales/ru/chapters/x.po", 9)
    assert fault.what == 'the English has changed since this was translated: "To {b}"'
    assert staleness(tmp_path, "ru", ["index"]) == []


def test_a_damaged_catalogue_is_one_of_the_faults(tmp_path: Path) -> None:
    found(tmp_path, "chapters/x", ("To {a}", "До"))
    (tmp_path / "locales/ru/index.po").write_text(HEAD + "junk\n", encoding="utf-8")
    assert [fault.file for fault in check_parity(tmp_path, "ru")] == [
        "locales/ru/chapters/x.po",
        "locales/ru/index.po",
    ]
