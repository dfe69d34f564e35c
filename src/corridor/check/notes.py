"""What a check has to say besides faults: what is exempt, what is not bound, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corridor.check import Sources
from corridor.check.facts import needs_facts
from corridor.check.numbers import Exempted, assertions, read_chapters
from corridor.check.readings import readings
from corridor.compose import compose
from corridor.compute.results import compute
from corridor.edition import Rendition
from corridor.missing import LeftOut, settled
from corridor.paper import Paper
from corridor.progress import Progress
from corridor.stage.variables import variables
from corridor.store import Store
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
    left_out
        Facts and exhibits that the edition does not have.
    traced
        Which items of the SWOT analyses rest on evidence that has changed, or are answered by nothing.
    """

    unchecked: tuple[Exempted, ...]
    unbound: tuple[tuple[str, int, str, str], ...]
    bound: int
    left_out: tuple[LeftOut, ...]
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
        yield f"facts and exhibits that the edition does not have: {len(self.left_out)}"
        if everything:
            for one in self.left_out:
                yield f"  {one.file}:{one.line}: {one.name}" + (f" ({one.why})" if one.why else "")
        yield from self.traced


def notes(paper: Paper, rendition: Rendition, shared: Sources, progress: Progress, store: Store) -> Notes:
    """Return the notes on a rendition, which has been checked before."""
    package = shared.package
    assert package is not None
    manuscript = compose(paper, rendition, package)
    left_out: tuple[LeftOut, ...] = ()
    if needs_facts(manuscript, variables(paper, rendition, package), store):
        whole = settled(manuscript, compute(paper, rendition, store, progress))
        manuscript, left_out = whole.manuscript, whole.left_out
    read = readings(manuscript, store)
    texts = manuscript.markdown
    unbound = [
        (chapter, one.line, one.text, one.excerpt)
        for chapter, prose in zip(texts, read_chapters([*texts.values()]), strict=True)
        for one in assertions(prose, manuscript.language)
        if not one.bound
    ]
    traced = tuple(report(package, printed(package), rendition.edition.countries))
    return Notes(
        unchecked=tuple(exempted for one in read.values() for exempted in one.exempted),
        unbound=tuple(unbound),
        bound=sum(len(one.claims) for one in read.values()),
        left_out=left_out,
        traced=traced,
    )
