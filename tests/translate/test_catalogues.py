"""PO files: read with their lines, merged without loss, written alike each time."""

from pathlib import Path
from typing import Any

import pytest

from corridor.errors import PaperError
from corridor.translate.catalogues import Source, read_catalogue, read_entries
from corridor.translate.merging import merged, write, written_template

HEAD = 'msgid ""\nmsgstr ""\n"Language: ru\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
FILE = "locales/ru/data/x.po"
ENDS = "mend the file there"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / FILE
    path.parent.mkdir(parents=True)
    return path


def merge(file: Path, *sources: Source) -> str:
    """Merge texts into a catalogue as the command does, and return what is written."""
    root = file.parents[3]
    template = root / "locales/templates/data/x.pot"
    write(written_template(sources, "paper", "1.2"), template)
    existing = read_catalogue(file, root) if file.is_file() else None
    write(merged(read_catalogue(template, root), existing, "ru", "paper", "1.2"), file)
    return file.read_text(encoding="utf-8")


def source(text: str, **more: Any) -> Source:
    return Source(id=text, file="data/x.csv", **more)


def test_lines(file: Path) -> None:
    file.write_text(
        HEAD + 'msgid "one"\nmsgstr "раз"\n\n#. about\n#, fuzzy\n#| msgid "old"\nmsgctxt "c"\n'
        'msgid ""\n"long "\n"text"\nmsgstr ""\n"длинный "\n"текст"\n\n#~ msgid "gone"\n#~ msgstr "был"\n',
        encoding="utf-8",
    )
    one, two = read_entries(file, file.parents[3])
    assert (one.id, one.strings, one.line, one.stale) == ("one", ("раз",), 7, False)
    assert (two.id, two.context, two.strings) == ("long text", "c", ("длинный текст",))
    assert (two.line, two.stale, two.previous, two.comments) == (16, True, "old", ("about",))


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('msgid "a"\nmsgstr "b"\nhello\n', 8, "not a line of a catalogue: hello"),
        ('msgid "a"\nmsgstr "b\n', 7, 'not a line of a catalogue: msgstr "b'),
        ('msgid "a"\nmsgstr "b "c" d"\n', 7, 'not a line of a catalogue: msgstr "b "c" d"'),
        ('msgid "a"\nmsgstr "b\\q"\n', 7, 'not a line of a catalogue: msgstr "b\\q"'),
        ('msgstr "b"\n', 6, "msgstr stands in the wrong place"),
        ('msgid "a"\n\nmsgid "b"\nmsgstr "c"\n', 8, "msgid stands in the wrong place"),
        ('msgid "a"\nmsgstr "b"\nmsgid "c"\n', 8, "the last message has no msgstr"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 9, "the message of line 6 stands here again"),
        ('<<<<<<< HEAD\nmsgid "a"\nmsgstr "b"\n', 6, '"<<<<<<<" is a mark of an unfinished merge'),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[7] "c"\n', 6, "the header or a plural cannot be read"),
    ],
)
def test_a_damaged_file_is_a_fault(file: Path, text: str, line: int, what: str) -> None:
    file.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(PaperError) as raised:
        read_entries(file, file.parents[3])
    fault = raised.value.faults[0]
    assert (fault.file, fault.line) == (FILE, line)
    assert fault.what.startswith(what)


def test_the_same_text_in_two_contexts_is_two_messages(file: Path) -> None:
    file.write_text(HEAD + 'msgid "a"\nmsgstr "b"\n\nmsgctxt "c"\nmsgid "a"\nmsgstr "d"\n', encoding="utf-8")
    assert [entry.strings[0] for entry in read_entries(file, file.parents[3])] == ["b", "d"]


@pytest.mark.parametrize("content", [b"\xff\xfe", HEAD.replace("\\n", "\\n").encode() + b'msgid "\xe9"\n'])
def test_other_encodings_are_faults(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(PaperError, match="not UTF-8"):
        read_entries(file, file.parents[3])


def test_a_new_catalogue(file: Path) -> None:
    text = merge(
        file, source("one {n}", comments=("about it",), flags=("python-brace-format",)), source("two")
    )
    assert text == (
        'msgid ""\nmsgstr ""\n"Project-Id-Version: paper 1.2\\n"\n"Language: ru\\n"\n'
        '"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && '
        '(n%100<10 || n%100>=20) ? 1 : 2);\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
        '#. about it\n#: data/x.csv\n#, python-brace-format\nmsgid "one {n}"\nmsgstr ""\n\n'
        '#: data/x.csv\nmsgid "two"\nmsgstr ""\n'
    )


def fill(file: Path, text: str, said: str, above: str = "") -> None:
    content = file.read_text(encoding="utf-8")
    empty = f'msgid "{text}"\nmsgstr ""\n'
    assert content.count(empty) == 1
    content = content.replace(empty, f'msgid "{text}"\nmsgstr "{said}"\n')
    file.write_text(
        content.replace("#: data/x.csv", f"{above}#: data/x.csv", 1) if above else content, "utf-8"
    )


LONG = "Sales of the region have risen in every year"


def test_merging_keeps_what_translators_did(file: Path) -> None:
    merge(file, source("one"), source(LONG), source("Nothing like it"))
    fill(file, "one", "раз")
    fill(file, LONG, "Продажи росли", above="# mind the tense\n")
    fill(file, "Nothing like it", "Ничего")
    before = file.read_text(encoding="utf-8")
    assert merge(file, source("one"), source(LONG), source("Nothing like it")) == before

    changed = merge(file, source("new"), source(LONG + " since"), source("one"))
    assert 'msgid "one"\nmsgstr "раз"\n' in changed
    assert f'#| msgid "{LONG}"\nmsgid "{LONG} since"\nmsgstr "Продажи росли"\n' in changed
    assert "# mind the tense\n" in changed
    assert changed.count("fuzzy") == 1
    assert 'msgid "new"\nmsgstr ""\n' in changed
    assert changed.endswith('#~ msgid "Nothing like it"\n#~ msgstr "Ничего"\n')

    again = merge(file, source("new"), source(LONG + " since"), source("one"))
    assert again == changed  # also what the stale text was

    back = merge(file, source("one"), source(LONG), source("Nothing like it"))
    assert f'msgid "{LONG}"\nmsgstr "Продажи росли"\n' in back
    assert 'msgid "Nothing like it"\nmsgstr "Ничего"\n' in back
    assert "fuzzy" not in back
    assert "#|" not in back


def test_a_translation_in_use_is_no_model_for_a_new_text(file: Path) -> None:
    merge(file, source(LONG))
    fill(file, LONG, "Продажи росли")
    assert "fuzzy" not in merge(file, source(LONG), source(LONG + " since"))


def test_plurals(file: Path) -> None:
    text = merge(file, source("{n} country", plural="{n} countries"))
    assert text.endswith('msgid_plural "{n} countries"\nmsgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\n')
    [entry] = read_entries(file, file.parents[3])
    assert (entry.plural, entry.strings, entry.done) == ("{n} countries", ("", "", ""), False)
