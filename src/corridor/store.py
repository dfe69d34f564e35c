"""The store of what was made before: contents by their own digest, records by a digest of what made them.

It lies in a folder of this machine or at any address that fsspec knows, such as ``s3://bucket/corridor``,
where a team and the workers of a cluster share it. Each object is checked when it is read; a damaged one
counts as absent and is removed. Objects are written whole or not at all, and the same key always holds the
same, so that any number of builds may use a store at the same time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from corridor import tools
from corridor.errors import Fault, PaperError
from corridor.files import hashed

LIMIT = 4 * 2**30
"""Bytes that a store may hold; what was not used for longest goes first."""

# A file that is written over again and again would wear out a disk: its use is noted once an hour.
_NOTED = 3600
# So much is left free when a store is trimmed, not to trim it again at once.
_SPARE = 0.2

# What is being written has another name.
_DIGEST = re.compile("[0-9a-f]{64}")

_BLOBS, _RECORDS = "blobs", "records"


@dataclass(frozen=True, kw_only=True)
class Object:
    """An object in a store: its path, size in bytes, and when it was last used, in seconds since 1970."""

    path: str
    size: int
    used: float


class _Place(Protocol):
    """Where a store keeps its objects, by path with forward slashes."""

    def read(self, path: str) -> bytes | None: ...
    def write(self, path: str, content: bytes) -> None: ...
    def size(self, path: str) -> int | None: ...
    def remove(self, path: str) -> None: ...
    def below(self, path: str) -> Iterator[Object]: ...


class Store:
    """A store.

    Parameters
    ----------
    address
        A folder, or an address that fsspec knows.
    limit
        Bytes that `trim` leaves.
    """

    def __init__(self, address: str | Path, *, limit: int = LIMIT) -> None:
        self.address = str(address)
        self.limit = limit

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, (self.address, self.limit)

    @cached_property
    def _place(self) -> _Place:
        return _Remote(self.address) if "://" in self.address else _Folder(Path(self.address))

    def put(self, content: bytes) -> str:
        """Keep a content, and return its digest."""
        name = hashlib.sha256(content).hexdigest()
        path = _blob(name)
        if self._place.size(path) != len(content):
            self._place.write(path, content)
        return name

    def get(self, name: str) -> bytes | None:
        """Return the content of a digest; ``None`` where there is none."""
        content = self._place.read(_blob(name))
        if content is not None and hashlib.sha256(content).hexdigest() != name:
            self._place.remove(_blob(name))
            return None
        return content

    def write(self, kind: str, key: str, value: Any) -> None:
        """Keep a record: a value that JSON can hold.

        Parameters
        ----------
        kind
            What it is, as a path: ``runs/3f…``. `records` lists those of a kind.
        key
            Its digest.
        value
            The same for the same key.
        """
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        self._place.write(_record(kind, key), hashlib.sha256(body).hexdigest().encode() + b"\n" + body)

    def read(self, kind: str, key: str) -> Any:
        """Return a record; ``None`` where there is none."""
        return self._value(_record(kind, key))

    def records(self, kind: str) -> list[Any]:
        """Return all records of a kind, that used last first."""
        found = sorted(self._place.below(f"{_RECORDS}/{kind}"), key=lambda one: (-one.used, one.path))
        whole = (one.path for one in found if _DIGEST.fullmatch(one.path.rpartition("/")[2]))
        return [value for path in whole if (value := self._value(path)) is not None]

    def _value(self, path: str) -> Any:
        content = self._place.read(path)
        if content is None:
            return None
        mark, _, body = content.partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != mark:
            self._place.remove(path)
            return None
        return json.loads(body)

    def remembered(self, kind: str, made_of: Any, make: Callable[[], Any]) -> Any:
        """Return what was made of the same before, or make it.

        Parameters
        ----------
        kind
            What it is.
        made_of
            Everything that the result hangs on besides the framework and its packages; JSON can hold it.
        make
            Makes it: never ``None``, and something that JSON can hold.
        """
        return self.remembered_all(kind, [made_of], lambda _: [make()])[0]

    def remembered_all(
        self, kind: str, all_made_of: Sequence[Any], make: Callable[[list[Any]], list[Any]]
    ) -> list[Any]:
        """Return what was made of the same before, as `remembered` does; what is missing is made at once.

        Parameters
        ----------
        kind
            What they are.
        all_made_of
            What each of several results hangs on.
        make
            Makes the results for some of these, in their order.
        """
        keys = [hashed([tools.signature(), made_of]) for made_of in all_made_of]
        found = {key: self.read(kind, key) for key in keys}
        missing = {key: one for key, one in zip(keys, all_made_of, strict=True) if found[key] is None}
        if missing:
            for key, made in zip(missing, make(list(missing.values())), strict=True):
                self.write(kind, key, made)
                found[key] = made
        return [found[key] for key in keys]

    def trim(self) -> int:
        """Remove what was not used for longest until the rest fits the limit; return the bytes removed."""
        objects = sorted(self._place.below(""), key=lambda one: one.used)
        size = sum(one.size for one in objects)
        if size <= self.limit:
            return 0
        removed = 0
        for one in objects:
            if size - removed <= self.limit * (1 - _SPARE):
                break
            self._place.remove(one.path)
            removed += one.size
        return removed


def _opened(address: str, limit: int) -> Store:
    return Store(address, limit=limit)


def _blob(name: str) -> str:
    return f"{_BLOBS}/{name[:2]}/{name}"


def _record(kind: str, key: str) -> str:
    return f"{_RECORDS}/{kind}/{key}"


class _Folder:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str) -> bytes | None:
        file = self._root / path
        try:
            content = file.read_bytes()
            now = time.time()
            if now - file.stat().st_mtime > _NOTED:
                os.utime(file)
        except OSError:
            return None  # none, or removed by another build meanwhile
        return content

    def write(self, path: str, content: bytes) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
        temporary.write_bytes(content)
        temporary.replace(file)

    def size(self, path: str) -> int | None:
        try:
            return (self._root / path).stat().st_size
        except OSError:
            return None

    def remove(self, path: str) -> None:
        (self._root / path).unlink(missing_ok=True)

    def below(self, path: str) -> Iterator[Object]:
        start = self._root / path
        for base, _, names in os.walk(start):
            for name in names:
                file = Path(base, name)
                try:
                    state = file.stat()
                except OSError:
                    continue
                # What a killed build left half-written is an object that nobody uses.
                yield Object(
                    path=file.relative_to(self._root).as_posix(), size=state.st_size, used=state.st_mtime
                )


class _Remote:
    """A place that fsspec reaches: object stores write whole objects, or none."""

    def __init__(self, address: str) -> None:
        import fsspec

        try:
            self._files, root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise PaperError(
                Fault(
                    file="cache",
                    what=f'the address "{address}" cannot be opened: {error}',
                    mend="install the package that it names, or give a folder or another address",
                )
            ) from None
        self._root = root.rstrip("/")

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    def read(self, path: str) -> bytes | None:
        try:
            return self._files.cat_file(self._at(path))
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes) -> None:
        target = self._at(path)
        self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
        if "file" in self._files.protocol:  # a shared disk
            temporary = f"{target}.{uuid.uuid4().hex}"
            self._files.pipe_file(temporary, content)
            os.replace(temporary, target)
        else:
            self._files.pipe_file(target, content)

    def size(self, path: str) -> int | None:
        try:
            return self._files.size(self._at(path))
        except FileNotFoundError:
            return None

    def remove(self, path: str) -> None:
        try:
            self._files.rm_file(self._at(path))
        except FileNotFoundError:
            return

    def below(self, path: str) -> Iterator[Object]:
        found = self._files.find(self._at(path).rstrip("/"), detail=True)
        for name, state in found.items():
            when = (
                state.get("mtime")
                or state.get("LastModified")
                or state.get("updated")
                or state.get("created")
            )
            yield Object(
                path=name.removeprefix(self._root).lstrip("/"),
                size=int(state.get("size") or 0),
                used=when.timestamp() if isinstance(when, datetime) else float(when or 0),
            )
