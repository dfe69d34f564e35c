"""How every rendition of a paper stands: whether it is up to date, what it lacks, what is translated."""

from __future__ import annotations

from dataclasses import replace

from corridor.build import is_fresh, missing, rendered_folder
from corridor.edition import Rendition
from corridor.paper import Paper
from corridor.publish import EditionState, open_rendered
from corridor.publish.site import state as published_state
from corridor.translate.status import counts


def state(paper: Paper, rendition: Rendition) -> EditionState:
    """Return how a rendition stands; without version where it has never been built."""
    folder = rendered_folder(paper, rendition)
    if folder.is_dir():
        known = published_state(open_rendered(paper, rendition, folder))
    else:
        edition = rendition.edition
        known = EditionState(
            slug=edition.slug, title=edition.title, countries=edition.countries, language=rendition.language
        )
    translated, stale, total = counts(paper, rendition.edition, rendition.language)
    return replace(
        known,
        fresh=is_fresh(paper, rendition),
        missing=tuple(missing(paper, rendition)),
        translated=translated,
        stale=stale,
        total=total,
    )
