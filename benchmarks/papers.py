"""The papers that are built: copies of them, edits to them, and many editions of one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

import yaml

from corridor.edition_file import slug_of

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A small change to a file, another one each time.

    Parameters
    ----------
    file
        Relative to the paper's root.
    old
        What stands there once.
    new
        What takes its place; ``{number}`` in it is two digits, ``{letters}`` two letters.
    """

    file: str
    old: str
    new: str

    def text(self, number: int) -> str:
        """Return what the change puts there."""
        number += 11
        return self.new.format(number=number, letters="".join(ascii_lowercase[int(d)] for d in str(number)))

    def make(self, source: Path, root: Path, number: int) -> None:
        """Change the file of a copy to that of the source with one thing changed."""
        text = (source / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1 or not 0 <= number < 80:
            raise ValueError(f"{self.file}: no such change: {self.old!r}, number {number}")
        (root / self.file).write_text(text.replace(self.old, self.text(number)), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A paper to measure.

    Parameters
    ----------
    source
        Its root, which is only read.
    default
        Slug of its default edition.
    page
        A page of the site that shows what `word` changes.
    word
        A change of one word in a chapter.
    value
        A change of one value in a table that few notebooks read.
    """

    source: Path
    default: str
    page: str
    word: Edit
    value: Edit


REFERENCE = Subject(
    source=ROOT,
    default="central-asia",
    page="chapters/introduction.html",
    word=Edit(
        file="chapters/introduction.qmd",
        old="Central Asia is usually told from above",
        new="Central Asia is usually told{letters} from above",
    ),
    # The position of a town: only the map of routes has it.
    value=Edit(file="data/places.csv", old=",82.48,45.25,", new=",82.{number},45.25,"),
)

SMALL = Subject(
    source=ROOT / "tests" / "paper",
    default="region",
    page="chapters/method.html",
    word=Edit(
        file="chapters/method.qmd",
        old="Only on the site.",
        new="Only on the site{letters}.",
    ),
    value=Edit(
        file="data/flows.csv",
        old="310000000,1000000,$310 million",
        new="3{number}000000,1000000,$3{number} million",
    ),
)


def copied(subject: Subject, folder: Path) -> Path:
    """Copy the sources of a paper into a folder that is not there yet; return it."""
    left = shutil.ignore_patterns(
        ".*", "_*build", "_book", "site", "src", "tests", "benchmarks", "__pycache__"
    )
    shutil.copytree(subject.source, folder, ignore=left)
    return folder


def removed(*folders: Path) -> None:
    """Remove folders with all that is in them, if they are there."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def unbuilt(root: Path) -> None:
    """Remove what builds leave in a paper."""
    removed(root / "_build", root / "site")


def with_editions(subject: Subject, root: Path, count: int) -> list[str]:
    """Give a copy of a paper so many editions in English, in place of its own; return their slugs.

    Each is one of the paper's own with a name and years of its own: the first years begin up to nine years
    earlier, the last end some years later. No two are computed from the same parameters.
    """
    own = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in _edition_files(subject.source)]
    for file in _edition_files(root):
        file.unlink()
    slugs = []
    for number in range(count):
        edition = own[number % len(own)]
        later, earlier = divmod(number // len(own), 10)
        years = {"first": edition["years"]["first"] - earlier, "last": edition["years"]["last"] + later}
        title = f"{edition['title']}, from {years['first']} to {years['last']}"
        slug = slug_of(title)
        changed = {**edition, "title": title, "book": {"title": title}, "years": years, "languages": ["en"]}
        (root / "editions" / f"{slug}.yml").write_text(yaml.safe_dump(changed), encoding="utf-8")
        slugs.append(slug)
    config = root / "_quarto.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace(f"edition: {subject.default}\n", f"edition: {slugs[0]}\n"), encoding="utf-8"
    )
    return slugs


def _edition_files(root: Path) -> list[Path]:
    return sorted((root / "editions").glob("*.yml"))
