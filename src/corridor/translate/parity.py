"""Whether translations keep what the English has: facts, citations, marks, links, code, fields."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator
from gettext import c2py
from pathlib import Path

from corridor.errors import Fault, PaperError
from corridor.facts import FORMS as FACT_FORMS
from corridor.facts import split_form
from corridor.names import FORMS as NAME_FORMS
from corridor.nearest import nearest
from corridor.translate.catalogues import Entry, domains, is_prose, place, read_entries
from corridor.translate.placeholders import Token, kept, tokens, usable

_SHOWN = {
    "fact": "the placeholder",
    "cited": "the citation",
    "named": "the reference",
    "attributes": "the mark",
    "code": "the code",
    "math": "the formula",
    "address": "the address",
    "target": "the link target",
    "footnote": "the footnote",
}
_MARK = re.compile(r"(?P<behind>[\])`])?\{(?P<number>\d+)\}")

_Finding = tuple[str, str]
"""What is wrong, and how to mend it."""


def check_parity(root: Path, language: str, names: Iterable[str] | None = None) -> list[Fault]:
    """Return what is wrong with the translations of a paper in a language.

    Parameters
    ----------
    root
        Folder of the paper.
    language
        A CLDR locale.
    names
        The catalogues to look at, such as ``chapters/trade``; by default all there are.

    Returns
    -------
    list of Fault
        Each with the catalogue and the line of the translation. Stale translations that no longer fit have
        none: they are not shown.
    """
    return [
        fault
        for path, prose in _files(root, language, names)
        for fault in check_catalogue(path, root, language, prose=prose)
    ]


def staleness(root: Path, language: str, names: Iterable[str] | None = None) -> list[Fault]:
    """Return a fault for each translation whose English text has changed since.

    The parameters are those of `check_parity`, which tells of catalogues that cannot be read. Whether these
    are faults the edition decides.
    """
    return [
        Fault(
            file=path.relative_to(root).as_posix(),
            line=entry.line,
            what=f"the English has changed since this was translated: {_short(entry.id)}",
            mend='mend the translation and delete the flag "fuzzy"',
        )
        for path, _ in _files(root, language, names)
        for entry in _readable(path, root)
        if entry.stale
    ]


def _readable(path: Path, root: Path) -> list[Entry]:
    try:
        return read_entries(path, root)
    except PaperError:
        return []


def _files(root: Path, language: str, names: Iterable[str] | None) -> list[tuple[Path, bool]]:
    wanted = domains(root, language) if names is None else names
    found = [(place(root, language, name), is_prose(name)) for name in wanted]
    return [(path, prose) for path, prose in found if path.is_file()]


def check_catalogue(path: Path, root: Path, language: str, *, prose: bool) -> list[Fault]:
    """Return what is wrong with one catalogue.

    Parameters
    ----------
    path, root
        The catalogue, and the folder from which on faults name it.
    language
        Its language.
    prose
        Whether it holds paragraphs of chapters, and not texts that code fills.
    """
    try:
        entries = read_entries(path, root)
    except PaperError as error:
        return list(error.faults)
    file = path.relative_to(root).as_posix()
    find = _prose_findings if prose else _format_findings
    return [
        Fault(file=file, line=entry.line, what=what, mend=mend)
        for entry in entries
        if any(entry.strings)
        and (not entry.stale or (prose and usable(entry.strings[0], entry.id, stale=True)))
        for what, mend in dict.fromkeys(find(entry, language))
    ]


def _prose_findings(entry: Entry, language: str) -> Iterator[_Finding]:
    text = entry.strings[0]
    found = tokens(text)
    strays = [token for token in found if token.kind == "brace"]
    if strays:
        part = re.search(r"(?<!\{)\{(?!\{)[^{}]*(?!\})", text) if strays[0].text == "{" else None
        what = f"a brace belongs to no placeholder: {_short(part[0] if part else text)}"
        yield what, "write the placeholder as the English has it; a plain brace is written twice"
        return  # what else is wrong may only follow from it
    if code := re.search(r"\{\{<.*?>\}\}", text):
        yield f'"{code[0]}" stands in the translation', "write {key}, as the English has it"
    yield from _kept(entry.id, text)
    yield from _forms(found, kept(entry.id), language)
    for mark in _MARK.finditer(text):
        if not mark["behind"] and not re.search(r"[\])`]\{\d+\}$", text[: mark.start()]):
            what = f"{{{mark['number']}}} stands behind no words"
            yield what, f"put the words that it marks into brackets: [words]{{{mark['number']}}}"
    yield from _markup(entry, text)


def _kept(source: str, text: str) -> Iterator[_Finding]:
    """Yield what is missing, too much or misspelt; the form of a fact is free."""
    wanted, had = kept(source), kept(text)
    for token in [*wanted, *(token for token in had if token not in wanted)]:
        name = f"{_SHOWN[token.kind]} {token.written}"
        if wanted[token] == had[token]:
            continue
        if not had[token]:
            yield f"{name} is missing", "put it where it belongs in the translation"
        elif not wanted[token]:
            missing = [other.written for other in wanted if other.kind == token.kind and not had[other]]
            yield f"{name} is not in the English", nearest(token.written, missing, "take it out")
        else:
            what = f"{name} stands there {had[token]} times, in the English {wanted[token]} times"
            yield what, "let it stand as often as in the English"


def _forms(found: Iterable[Token], source: Counter[Token], language: str) -> Iterator[_Finding]:
    """Yield the forms that facts and names do not have in a language."""
    for token in found:
        if token.kind != "fact" or token.bare not in source:
            continue
        key, form = split_form(token.text)
        is_name = key.startswith("name.")
        known = NAME_FORMS.get(language, ()) if is_name else FACT_FORMS
        if form and form not in known:
            what = f'{token.written}: there is no form "{form}"' + (f' in "{language}"' if is_name else "")
            yield what, nearest(form, known, f"write {{{key}}}, or one of the forms {', '.join(known)}")


def _markup(entry: Entry, text: str) -> Iterator[_Finding]:
    """Yield Markdown that does not close, and what would end the paragraph or the cell."""
    plain = _plain(text)
    opened, closed = plain.count("["), plain.count("]")
    if opened != closed:
        mark, other = ("[", "]") if opened > closed else ("]", "[")
        yield f'a bracket "{mark}" has no "{other}"', f'add the "{other}", or write "\\{mark}"'
    for sign in ("**", "*"):
        bare = plain if sign == "**" else plain.replace("**", "")
        if bare.count(sign) % 2 and not _plain(entry.id).count(sign) % 2:
            yield f'"{sign}" opens or closes nothing', f'write "{sign}" on both sides of the words'
            break
    if re.search(r"\n\s*\n", text):
        yield "the translation has several paragraphs", "write one"
    if "cell" in entry.comments and "|" in plain:
        yield 'a "|" would end the cell of the table', r'write "\|"'


def _plain(text: str) -> str:
    """Return a message without placeholders, code, escapes and addresses; brackets of links stay."""
    for token in tokens(text):
        if token.kind == "target":
            text = text.replace(f"]({token.text})", "]", 1)
        elif token.kind in _SHOWN:
            text = text.replace(token.written, "", 1)
    return re.sub(r"\\.", "", text)


def _format_findings(entry: Entry, language: str) -> Iterator[_Finding]:
    """Yield what Python's ``format`` could not fill in the translation of a text of code."""
    known = _fields(entry.id) or {}
    many = _fields(entry.plural) if entry.plural else None
    if entry.plural and len(entry.strings) != (forms := _plural(language)[0]):
        what = f"{len(entry.strings)} plural forms, where the language has {forms}"
        yield what, f"write msgstr[0] to msgstr[{forms - 1}]" if forms > 1 else "write msgstr[0] alone"
        return
    for number, text in enumerate(entry.strings):
        if not text:
            if entry.plural:
                yield f"the plural form {number} is empty", "translate every form"
            continue
        found = _fields(text)
        if not known and not many:
            if found:
                yield f"{_listed(found)} is not in the English", "take it out"
            continue
        if found is None:
            yield f"a brace belongs to no field: {_short(text)}", "write {name} as the English has it"
            continue
        allowed = known | (many or {})
        for name in found:
            if name not in allowed:
                what = f"{{{name}}} is not in the English"
                yield what, nearest(name, allowed, f"the names are {', '.join(allowed)}")
        needed = known if many is None or (number == 0 and _is_for_one(language)) else many
        for name in needed:
            if name not in found:
                yield f"{{{name}}} is missing", "put it where it belongs in the translation"
        for name in found.keys() & allowed.keys():
            for form in sorted(found[name] - allowed[name]):
                yield from _attribute(name, form, language)


def _fields(text: str) -> dict[str, set[str]] | None:
    """Return the names that ``format`` fills in a text, each with its attributes and formats; or none."""
    found: dict[str, set[str]] = {}
    try:
        for _, field, spec, conversion in string.Formatter().parse(text):
            if field is not None:
                name = re.split(r"[.\[]", field, maxsplit=1)[0]
                rest = field[len(name) :] + (f"!{conversion}" if conversion else "")
                found.setdefault(name, set()).add(rest + (f":{spec}" if spec else ""))
    except ValueError:
        return None
    return found


def _attribute(name: str, form: str, language: str) -> Iterator[_Finding]:
    known = NAME_FORMS.get(language, ())
    if not form or form.removeprefix(".") in known:
        return
    what = f'{{{name}{form}}}: there is no form "{form.removeprefix(".")}" in "{language}"'
    yield what, nearest(form, known, f"write {{{name}}}, or one of the forms {', '.join(known)}")


def _is_for_one(language: str) -> bool:
    """Tell whether the first plural form of a language is for the number 1 alone, which may go unsaid."""
    form = c2py(_plural(language)[1])
    return form(1) == 0 and all(form(number) != 0 for number in (11, 21, 31, 101))


def _plural(language: str) -> tuple[int, str]:
    """Return how many plural forms a language has, and which a number takes."""
    from babel.messages.plurals import get_plural

    found = get_plural(language.replace("-", "_"))
    return found.num_plurals, found.plural_expr


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _short(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:57].rstrip()}..."'
