"""How every rendition of a paper stands: whether it is up to date, what it lacks, what is translated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from corridor.build import missing, rendered_folder
from corridor.edition import Rendition
from corridor.errors import Fault, PaperError
from corridor.paper import Paper
from corridor.publish import EditionState, open_rendered
from corridor.publish.site import state as published_state
from corridor.store import Store
from corridor.translate.status import Tally


def states(
    paper: Paper, renditions: Iterable[Rendition], fresh: Mapping[Rendition, bool | None], store: Store
) -> tuple[list[EditionState], list[Fault]]:
    """Return how renditions stand, and the faults for which it is not known how much is translated.

    Parameters
    ----------
    paper, renditions
        Which.
    fresh
        Whether each is up to date; ``None`` for one that was never built.
    store
        Where counts are kept.
    """
    rows: list[EditionState] = []
    faults: list[Fault] = []
    tally = Tally(paper, store)
    for rendition in renditions:
        try:
            counted = tally.of(rendition.edition, rendition.language)
        except PaperError as error:
            faults += error.faults
            counted = 0, 0, 0
        rows.append(_state(paper, rendition, fresh[rendition], counted))
    return rows, faults


def _state(
    paper: Paper, rendition: Rendition, fresh: bool | None, counted: tuple[int, int, int]
) -> EditionState:
    """Return how a rendition stands; without version where it has never been built."""
    folder = rendered_folder(paper, rendition)
    if folder.is_dir():
        known = published_state(open_rendered(paper, rendition, folder))
    else:
        edition = rendition.edition
        known = EditionState(
            slug=edition.slug, title=edition.title, countries=edition.countries, language=rendition.language
        )
    translated, stale, total = counted
    return replace(
        known,
        fresh=fresh,
        missing=tuple(missing(paper, rendition)),
        translated=translated,
        stale=stale,
        total=total,
    )
