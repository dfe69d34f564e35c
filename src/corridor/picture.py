"""Pictures from outside: what their bytes are, and whether they are safe to publish."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

LARGEST = 1_000_000
"""Bytes that a picture may have."""

_SIGNS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_SUFFIXES = {"png": (".png",), "jpeg": (".jpg", ".jpeg"), "svg": (".svg",)}
_ACTIVE = (
    "script",
    "foreignobject",
    "iframe",
    "handler",
    "set",
    "animate",
    "animatetransform",
    "animatemotion",
)
_INSIDE = re.compile(r"#|data:image/(png|jpeg);", re.I)
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import", re.I)


def kind(content: bytes) -> str | None:
    """Return ``png``, ``jpeg`` or ``svg``, as the bytes say, whatever the file is called; else ``None``."""
    for sign, name in _SIGNS.items():
        if content.startswith(sign):
            return name
    root = _svg(content)
    return None if root is None else "svg"


def problem(path: Path) -> tuple[str, str] | None:
    """Return what is wrong with a picture and how to mend it; ``None`` where it may be published."""
    if path.stat().st_size > LARGEST:
        return f"has {path.stat().st_size / 1e6:.1f} MB", "make it smaller than 1 MB"
    content = path.read_bytes()
    found = kind(content)
    if found is None:
        return "is not a picture", "use an SVG, PNG or JPEG file"
    if path.suffix.lower() not in _SUFFIXES[found]:
        return f"holds {found.upper()}", f'rename it so that it ends in "{_SUFFIXES[found][0]}"'
    if found == "svg" and (why := _unsafe(content)):
        return f"holds {why}", "save it without, as plain SVG"
    return None


def _svg(content: bytes) -> ElementTree.Element | None:
    if b"<!ENTITY" in content:
        return None  # entities can make a small file endless
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError):
        return None
    return root if _local(root.tag) == "svg" else None


def _unsafe(content: bytes) -> str | None:
    """Return what an SVG should not hold: what runs, and what fetches something else."""
    if b"<?xml-stylesheet" in content:
        return "a reference to another file"
    root = _svg(content)
    for element in root.iter() if root is not None else ():
        if _local(element.tag) in _ACTIVE:
            return f"the element <{element.tag.rpartition('}')[2]}>"
        for name, value in element.attrib.items():
            if _local(name).startswith("on"):
                return f'the script "{_local(name)}"'
            if _local(name) in ("href", "src") and not _INSIDE.match(value.strip()):
                return f'the reference "{value}"'
        if any(_OUTSIDE.search(text) for text in (element.text or "", *element.attrib.values())):
            return "a reference to another file"
    return None


def _local(name: object) -> str:
    return str(name).rpartition("}")[2].lower()
