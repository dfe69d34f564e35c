"""What a check has to say besides faults: what is exempt, what is not bound, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corridor.check.numbers import Exempted, assertions, check_numbers, claims, read_chapter
from corridor.data import open_package
from corridor.edition import Rendition
from corridor.files import read_text
from corridor.paper import Paper
from corridor.trace import printed, report


@dataclass(frozen=True, kw_only=True)
class Notes:
    """What the text of a paper without faults leaves to its authors' judgement.

    Parameters
    ----------
    unchecked
        Numbers that the author has exempted, with the reasons.
    unbound
        File, line, words and sentence of each statement of a direction or an order beside a fact that no
        condition holds to.
    bound
        How many statements are bound to conditions.
    traced
        Which items of the SWOT analyses rest on evidence that has changed, or are answered by nothing.
    """

    unchecked: tuple[Exempted, ...]
    unbound: tuple[tuple[str, int, str, str], ...]
    bound: int
    traced: tuple[str, ...]

    def lines(self, *, everything: bool) -> Iterator[str]:
        """Yield lines for the terminal; unbound statements are counted unless everything is wanted."""
        yield f"statements bound to conditions: {self.bound}; beside facts and not bound: {len(self.unbound)}"
        if everything:
            for file, line, words, sentence in self.unbound:
                yield f'  {file}:{line}: "{words}" in: {sentence}'
        yield f"numbers exempt by their author: {len(self.unchecked)}"
        for one in self.unchecked:
            yield f"  {one.file}:{one.line}: {one.text} ({one.reason})"
        yield from self.traced


def notes(paper: Paper, rendition: Rendition) -> Notes:
    """Return the notes on the chapters, which have been checked before."""
    unchecked: list[Exempted] = []
    unbound: list[tuple[str, int, str, str]] = []
    bound = 0
    for chapter in paper.chapters:
        text = read_text(paper.root / chapter, paper.root)
        document = read_chapter(text)
        unchecked += check_numbers(chapter, text, rendition.language)[1]
        bound += len(claims(document, text))
        unbound += [
            (chapter, one.line, one.text, one.excerpt)
            for one in assertions(document, text, rendition.language)
            if not one.bound
        ]
    package = open_package(paper.data)
    traced = tuple(report(package, printed(package)))
    return Notes(unchecked=tuple(unchecked), unbound=tuple(unbound), bound=bound, traced=traced)
