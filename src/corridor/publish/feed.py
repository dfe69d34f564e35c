"""The released versions as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlsplit

from corridor import pandoc
from corridor.store import Store

_HEADING = re.compile(
    r"## +\[?v?(?P<version>\d[\w.+-]*)\]?[ \t]*(?:[-–—(][ \t]*)?(?P<day>\d{4}-\d\d-\d\d)?.*"
)


@dataclass(frozen=True, kw_only=True)
class Release:
    """A version that was released, and what changed in it, as Markdown."""

    version: str
    day: date
    changes: str


def read_releases(changelog: str) -> list[Release]:
    """Return the releases of a changelog, the newest as it stands there first.

    A release is a heading of the second level with a version and a day: ``## 0.3.0 – 2026-11-22``. One
    without a day has not been released.

    Examples
    --------
    >>> [r.version for r in read_releases("## 0.2.0\\n\\nSoon.\\n\\n## 0.1.0 (2026-01-31)\\n\\nFirst.\\n")]
    ['0.1.0']
    """
    found = []
    sections = re.split(r"^(?=## )", changelog, flags=re.M)
    for section in sections:
        match = _HEADING.match(section)
        if match and match["day"]:
            day = date.fromisoformat(match["day"])
            found.append(Release(version=match["version"], day=day, changes=section[match.end() :].strip()))
    return found


def feed(
    releases: Sequence[Release],
    *,
    title: str,
    author: str,
    name: str,
    language: str,
    address: str,
    store: Store,
) -> str:
    """Return ``feed.xml``.

    Parameters
    ----------
    releases
        At least one.
    title, author, name
        Title of the paper, who answers for it, and its short name, which stays the same.
    language
        Language of the title.
    address
        Where the site will be, with a slash at its end.
    store
        Where the changes of releases are kept as HTML.
    """
    began = min(release.day for release in releases)
    identity = f"tag:{urlsplit(address).hostname},{began}:{name}"
    told = store.remembered_all("changes", [release.changes for release in releases], _as_html)
    entries = []
    for release, changes in zip(releases, told, strict=True):
        entries.append(
            f"<entry>\n<title>{escape(title)} {escape(release.version)}</title>\n"
            f"<id>{escape(identity)}/{escape(release.version)}</id>\n"
            f"<updated>{release.day}T00:00:00Z</updated>\n"
            f'<link rel="alternate" href="{escape(address)}"/>\n'
            f'<content type="html">{escape(changes)}\n</content>\n</entry>\n'
        )
    latest = max(release.day for release in releases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
        f"<title>{escape(title)}</title>\n<id>{escape(identity)}</id>\n<updated>{latest}T00:00:00Z</updated>\n"
        f"<author><name>{escape(author)}</name></author>\n"
        f'<link rel="alternate" type="text/html" href="{escape(address)}"/>\n'
        f'<link rel="self" type="application/atom+xml" href="{escape(address)}feed.xml"/>\n'
        + "".join(entries)
        + "</feed>\n"
    )


def _as_html(texts: list[str]) -> list[str]:
    return pandoc.write_each(pandoc.read_each(texts), "html5", {"wrap_text": "wrap-none"}, [])
