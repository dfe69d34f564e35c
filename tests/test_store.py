"""The store: contents and records, damage, trimming, several builds at once, addresses."""

import os
import pickle
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from corridor.errors import PaperError
from corridor.store import Store


@pytest.fixture(params=["folder", "file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    addresses = {
        "folder": str(tmp_path / "kept"),
        "file": f"file://{tmp_path}/kept",
        "memory": f"memory://{uuid.uuid4().hex}",
    }
    return Store(addresses[request.param])


def objects(store: Store) -> list[Path]:
    folder = Path(store.address.removeprefix("file://"))
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_contents_come_back(store: Store) -> None:
    content = os.urandom(1000)
    name = store.put(content)
    assert store.put(content) == name
    assert store.get(name) == content
    assert store.get("0" * 64) is None
    assert store.get(store.put(b"")) == b""


def test_records_come_back(store: Store) -> None:
    assert store.read("pages", "a" * 64) is None
    store.write("pages", "a" * 64, {"title": "Торговля", "numbers": [1, None, 2.5]})
    store.write("pages", "b" * 64, [])
    assert store.read("pages", "a" * 64) == {"title": "Торговля", "numbers": [1, None, 2.5]}
    assert sorted(map(str, store.records("pages"))) == [
        "[]",
        "{'title': 'Торговля', 'numbers': [1, None, 2.5]}",
    ]
    assert store.records("page") == []


def test_what_was_made_of_the_same_is_made_once(store: Store) -> None:
    made = []

    def make() -> list[str]:
        made.append("once")
        return ["result"]

    assert store.remembered("kind", {"of": 1}, make) == ["result"]
    assert store.remembered("kind", {"of": 1}, make) == ["result"]
    assert len(made) == 1
    store.remembered("kind", {"of": 2}, make)
    store.remembered("other", {"of": 1}, make)
    assert len(made) == 3


@pytest.mark.parametrize("damage", [b"", b"something else", None])
def test_damage_counts_as_absence_and_is_mended(tmp_path: Path, damage: bytes | None) -> None:
    store = Store(tmp_path / "kept")
    name = store.put(b"content")
    store.write("kind", "c" * 64, {"value": 1})
    for path in objects(store):
        if damage is None:
            path.unlink()
        else:
            path.write_bytes(damage)
    assert store.get(name) is None
    assert store.read("kind", "c" * 64) is None
    assert store.records("kind") == []
    assert objects(store) == []
    assert store.get(store.put(b"content")) == b"content"
    assert store.remembered("kind", "c", lambda: {"value": 1}) == {"value": 1}


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    store.write("kind", "c" * 64, {"value": 10})
    (path,) = objects(store)
    path.write_bytes(path.read_bytes().replace(b"10", b"11"))
    assert store.read("kind", "c" * 64) is None


def test_trimming_removes_what_was_used_least_lately(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept", limit=3000)
    names = [store.put(bytes([number]) * 1000) for number in range(4)]
    for age, path in enumerate(objects(store)):
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    oldest = min(objects(store), key=lambda path: path.stat().st_mtime).name
    assert store.get(oldest) is not None  # being read makes it the newest
    assert store.trim() == 2000
    left = {path.name for path in objects(store)}
    assert oldest in left
    assert len(left) == 2
    assert left < set(names)
    assert store.trim() == 0


def test_what_a_killed_build_left_is_no_record(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    store.write("kind", "d" * 64, [1])
    (path,) = objects(store)
    path.with_name(f".{path.name}.half").write_bytes(b"half")
    assert store.records("kind") == [[1]]
    # Trimming takes it away with the rest.
    Store(tmp_path / "kept", limit=1).trim()
    assert objects(store) == []


_WRITER = """
import sys
from corridor.store import Store
store = Store(sys.argv[1])
for number in range(300):
    content = bytes([number % 50]) * 20_000
    name = store.put(content)
    store.write("kind", name, [number % 50])
    assert store.get(name) in (content, None)
    assert store.read("kind", name) in ([number % 50], None)
    if number % 100 == 99:
        Store(sys.argv[1], limit=200_000).trim()
"""


def test_several_processes_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, str(tmp_path / "kept")]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for one in running:
        _, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors.decode()


def test_use_is_noted_but_not_at_every_reading(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    name = store.put(b"content")
    (path,) = objects(store)
    before = path.stat().st_mtime_ns
    store.get(name)
    assert path.stat().st_mtime_ns == before
    long_ago = time.time() - 100_000
    os.utime(path, (long_ago, long_ago))
    store.get(name)
    assert path.stat().st_mtime > time.time() - 100


def test_a_worker_opens_the_same_store(store: Store) -> None:
    name = store.put(b"content")
    assert pickle.loads(pickle.dumps(store)).get(name) == b"content"


@pytest.mark.parametrize("address", ["nothing-of-the-kind://bucket/folder", "s3://bucket/folder"])
def test_an_address_that_cannot_be_opened(address: str) -> None:
    with pytest.raises(PaperError) as caught:
        Store(address).put(b"content")
    (fault,) = caught.value.faults
    assert address in fault.what
    assert "install" in fault.mend
