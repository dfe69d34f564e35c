"""A paragraph as translators see it: Markdown in which facts, citations and attributes are placeholders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_ATTRIBUTES = r"""\{(?!\{)(?:[^{}"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*\}"""
# What stays as it is, in Markdown and in messages alike: an escape, code, mathematics, an address.
_VERBATIM = (
    r"(?P<escape>\\.)"
    r"|(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>\$\$.+?\$\$|\$(?=\S)(?:\\.|[^$\\])*?(?<=\S)\$(?!\d))"
    r"|(?P<address><[a-zA-Z][\w+.-]*:[^\s<>{}]*>|<[^\s<>{}@]+@[^\s<>{}]+>)"
    r"|(?P<footnote>\[\^[\w-]+\])"
    r"|(?P<target>\]\((?:[^()\s{}]|\([^()\s{}]*\))*(?:\s+\"[^\"{}]*\")?\s*\))"
    r"|(?P<bracket>[\^!]\[)"
)
_WORK = r"@(?:\{[^{}\s]+\}|[\w](?:[\w]|[:.#$%&+?<>~/-](?=\w))*)"
_BRACKETED = rf"\[(?=[^\[\]]*(?<![\w\\])-?{_WORK})(?:[^\[\]\\]|\\.)*\]"
_MARKDOWN = re.compile(
    _VERBATIM + rf"|(?P<cited>{_BRACKETED}(?![({{]))"
    rf"|(?P<named>(?<!\w){_WORK}(?:[ ]?\[[^\[\]]*\](?![({{]))?)"
    rf"|\{{\{{<\s*var\s+(?P<fact>[^\s>]+)\s*>\}}\}}"
    rf"|\](?P<attributes>{_ATTRIBUTES})"
    rf"|(?P<brace>[{{}}])",
    re.S,
)
_MESSAGE = re.compile(
    _VERBATIM + r"|(?P<doubled>\{\{|\}\})"
    rf"|\{{(?P<cited>\[(?:[^\[\]\\]|\\.)*\])\}}"
    rf"|\{{(?P<named>{_WORK}(?:[ ]?\[[^\[\]]*\])?)\}}"
    r"|\{(?P<attributes>\d+)\}"
    r"|\{(?P<fact>[A-Za-z][\w.-]*)\}"
    r"|(?P<brace>[{}])",
    re.S,
)
_BEHIND = re.compile(_ATTRIBUTES)


@dataclass(frozen=True, kw_only=True)
class Token:
    """A placeholder of a message, or something else in it that a translation keeps.

    Parameters
    ----------
    kind
        ``fact``, ``cited``, ``named``, ``attributes``; ``code``, ``math``, ``address``, ``target``,
        ``footnote``; ``brace``, which belongs to no placeholder.
    text
        The key, the citation, the number, or the text itself.
    """

    kind: str
    text: str

    @property
    def written(self) -> str:
        """The token as it stands in a message."""
        return f"{{{self.text}}}" if self.kind in ("fact", "cited", "named", "attributes") else self.text

    @property
    def bare(self) -> Token:
        """The token without the form of its fact."""
        return Token(kind="fact", text=self.text.partition("-")[0]) if self.kind == "fact" else self


def encode(markdown: str) -> tuple[str, tuple[str, ...]]:
    """Return Markdown as a message, and the attributes that its numbers stand for.

    Parameters
    ----------
    markdown
        Inline Markdown.

    Examples
    --------
    >>> encode('Sales [rose]{.claim if="a > b"} to {{< var a >}} [@huang2025, sec. 2]; see @tbl-region.')
    ('Sales [rose]{1} to {a} {[@huang2025, sec. 2]}; see {@tbl-region}.', ('{.claim if="a > b"}',))
    """
    pieces: list[str] = []
    attributes: list[str] = []
    end = 0

    def numbered(found: str) -> str:
        attributes.append(found)
        return f"{{{len(attributes)}}}"

    while match := _MARKDOWN.search(markdown, end):
        pieces.append(markdown[end : match.start()])
        end = match.end()
        match match.lastgroup:
            case "fact":
                pieces.append(f"{{{match['fact']}}}")
            case "cited" | "named" as kind:
                pieces.append(f"{{{match[kind]}}}")
            case "attributes":
                pieces.append("]" + numbered(match["attributes"]))
            case "brace":
                pieces.append(2 * match["brace"])
            case str(kind):
                pieces.append(match[0])
                if kind in ("code", "target") and (behind := _BEHIND.match(markdown, end)):
                    pieces.append(numbered(behind[0]))
                    end = behind.end()
    return "".join([*pieces, markdown[end:]]), tuple(attributes)


def decode(message: str, attributes: Sequence[str]) -> str:
    """Return the Markdown of a message, the reverse of `encode`; what is no placeholder stays as it is."""

    def plain(match: re.Match[str]) -> str:
        match match.lastgroup:
            case "fact":
                return f"{{{{< var {match['fact']} >}}}}"
            case "cited" | "named" as kind:
                return match[kind]
            case "attributes" if 0 < int(match["attributes"]) <= len(attributes):
                return attributes[int(match["attributes"]) - 1]
            case "doubled":
                return match[0][0]
            case _:
                return match[0]

    return _MESSAGE.sub(plain, message)


# Each of a dozen rules asks for the tokens of the same two texts.
@lru_cache(maxsize=1024)
def tokens(message: str) -> tuple[Token, ...]:
    """Return what a translation of a message has to keep, in order."""
    found = []
    for match in _MESSAGE.finditer(message):
        kind = str(match.lastgroup)
        if kind == "target":
            found.append(Token(kind=kind, text=match[kind][2:-1].strip()))
        elif kind not in ("escape", "bracket", "doubled"):
            found.append(Token(kind=kind, text=match[kind]))
    return tuple(found)


def kept(message: str) -> Counter[Token]:
    """Return what a translation must have as often as its message; which form of a fact is its own affair."""
    found = (token for token in tokens(message) if token.kind != "brace")
    return Counter(token.bare for token in found)


def usable(text: str, message: str, *, stale: bool) -> bool:
    """Tell whether a translation can take the place of a message.

    One of an earlier version of the message can, if it has all that the message has now.
    """
    return bool(text) and (not stale or kept(text) == kept(message))


def words(message: str) -> str:
    """Return a message without what a translation keeps: only the words that need one."""
    return _MESSAGE.sub(lambda match: match[0] if match.lastgroup == "escape" else " ", message)
