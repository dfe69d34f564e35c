"""Templates from texts, catalogues from templates, and how both are written."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.files import write_text
from corridor.translate.catalogues import PROSE, Source

if TYPE_CHECKING:
    from babel.messages import Catalog
    from babel.messages.catalog import Message

LIKE = 0.7
"""From which likeness of their letters, of at most 1, two texts are versions of one."""


def written_template(sources: Iterable[Source], project: str, version: str) -> Catalog:
    """Return a template of texts in their order; a text that stands in several places is there once."""
    catalogue = _empty(None, project, version)
    for source in sources:
        catalogue.add(
            source.id if source.plural is None else (source.id, source.plural),
            locations=[(source.file, 1)],
            flags=source.flags,
            auto_comments=source.comments,
            context=source.context,
        )
    return catalogue


def merged(template: Catalog, existing: Catalog | None, language: str, project: str, version: str) -> Catalog:
    """Return a language's catalogue with the messages of a template.

    Translations are kept. That of a text that has changed becomes stale, with the text that it is of; those
    of texts that are gone stand at the end as unused. A text counts as changed, not as new, if it is much
    like one that is gone.
    """
    fresh = _empty(language, project, version)
    known: dict[_Key, Message] = {}
    if existing is not None:
        known = _by_key(existing.obsolete.values()) | _by_key(existing)
        fresh.header_comment = existing.header_comment
    wanted = _by_key(template)
    gone = {key: old for key, old in known.items() if key not in wanted and _has_text(old)}
    changed = _changed([key for key in wanted if key not in known], list(gone))
    for key, message in wanted.items():
        if key in changed:
            old = gone[changed[key]]
            before = [] if old.fuzzy and key[1] in old.previous_id else [_first(old.id)]
        else:
            old = known.get(key)
            before = list(old.previous_id) if old and old.fuzzy else []
        text = _refitted(message, old) if old else ""
        stale = bool(before) or (old is not None and old.fuzzy and key not in changed)
        fresh.add(
            message.id,
            text,
            message.locations,
            message.flags | ({"fuzzy"} if stale and any(text) else set()),
            message.auto_comments,
            old.user_comments if old else (),
            before if any(text) else (),
            context=message.context,
        )
    taken = set(changed.values())
    for key, old in gone.items():
        if key not in taken:
            text = _first(old.id)
            fresh.obsolete[text if old.context is None else (text, old.context)] = old
    return fresh


_Key = tuple[str | None, str]


def _by_key(messages: Iterable[Message]) -> dict[_Key, Message]:
    return {(message.context, _first(message.id)): message for message in messages if message.id}


def _first(identifier: str | Sequence[str]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]


def _has_text(message: Message) -> bool:
    return any([message.string] if isinstance(message.string, str) else message.string or ())


def _refitted(message: Message, old: Message) -> str | tuple[str, ...]:
    """Return a translation in as many forms as its message needs: one, or those of a plural."""
    forms = (old.string,) if isinstance(old.string, str) else tuple(old.string or ())
    if isinstance(message.id, str):
        return forms[0] or "" if forms else ""
    return tuple(form or "" for form in forms)


def _changed(new: Sequence[_Key], gone: Sequence[_Key]) -> dict[_Key, _Key]:
    """Return which of the texts that are gone a new one comes from, each at most once, the likest first."""
    likeness = []
    for number, (context, text) in enumerate(new):
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(text)
        for other, (old_context, old) in enumerate(gone):
            matcher.set_seq1(old)
            if (
                context == old_context
                and matcher.real_quick_ratio() >= LIKE
                and matcher.quick_ratio() >= LIKE
                and (ratio := matcher.ratio()) >= LIKE
            ):
                likeness.append((-ratio, number, other))
    found: dict[_Key, _Key] = {}
    for _, number, other in sorted(likeness):
        if new[number] not in found and gone[other] not in found.values():
            found[new[number]] = gone[other]
    return found


def _empty(language: str | None, project: str, version: str) -> Catalog:
    from babel.messages import Catalog

    locale = language.replace("-", "_") if language else None
    catalogue = Catalog(locale=locale, project=project, version=version, fuzzy=False)
    catalogue.header_comment = ""
    return catalogue


def write(catalogue: Catalog, path: Path) -> bool:
    """Write a catalogue: a line for each text, nothing from the clock. Return whether the file changed."""
    from babel.messages.pofile import write_po

    for message in [*catalogue, *catalogue.obsolete.values()]:
        if PROSE in message.flags:  # Babel takes its braces for Python's
            message.flags -= {"python-format", "python-brace-format"}
    stream = io.BytesIO()
    # A width that nothing reaches: 0 leaves texts in one piece, but not comments.
    write_po(stream, catalogue, width=10**9, omit_header=True, include_lineno=False, include_previous=True)
    text = _header(catalogue) + "\n" + stream.getvalue().decode().strip("\n") + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_text(path, text)
    return True


def _header(catalogue: Catalog) -> str:
    fields = [("Project-Id-Version", f"{catalogue.project} {catalogue.version}")]
    if catalogue.locale is not None:
        fields += [
            ("Language", str(catalogue.locale).replace("_", "-")),
            ("Plural-Forms", catalogue.plural_forms),
        ]
    fields += [
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    comment = f"{catalogue.header_comment}\n" if catalogue.header_comment else ""
    return comment + 'msgid ""\nmsgstr ""\n' + "".join(f'"{key}: {value}\\n"\n' for key, value in fields)
