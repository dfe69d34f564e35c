"""A chapter as the number gate reads it: its tree, its passages, and where they stand in its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from corridor import pandoc
from corridor.check.numbers.passages import Passage, passages
from corridor.check.numbers.places import line, offset, offsets


@dataclass(frozen=True, kw_only=True)
class Prose:
    """A chapter.

    Parameters
    ----------
    document
        Its tree, its shortcodes replaced: facts by spans of the class ``fact``, embeds by raw code.
    text
        Its source, with its shortcodes.
    """

    document: pandoc.Node
    text: str

    @cached_property
    def passages(self) -> list[Passage]:
        """Its passages in the order of the tree."""
        return passages(self.document)

    @cached_property
    def _offsets(self) -> list[list[int]]:
        return offsets(self.passages, self.text)

    def line(self, passage: int, start: int) -> int:
        """Return the line in the source, counted from 1, of a character of the n-th passage."""
        return line(self.text, offset(self.passages[passage], self._offsets[passage], start))
