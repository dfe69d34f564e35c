"""What a rendition is called: titles of paper and edition, and its publisher, in the rendition's language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corridor.edition import Publisher, Rendition
from corridor.messages import translate
from corridor.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Titles:
    """What stands on the title page.

    Parameters
    ----------
    paper, subtitle
        Title and subtitle of the paper, which an edition may set for itself.
    description
        What the paper is about, in a sentence or two.
    edition
        What the edition is called.
    publisher
        Who publishes it.
    """

    paper: str
    subtitle: str
    description: str
    edition: str
    publisher: Publisher


def titles(paper: Paper, rendition: Rendition) -> Titles:
    """Return the titles of a rendition; what has no translation is said in the next language of the chain."""
    edition = rendition.edition

    def say(text: str) -> str:
        return translate(text, rendition.language, paper.root) if text else ""

    return Titles(
        paper=say(edition.book.title),
        subtitle=say(edition.book.subtitle),
        description=say(paper.book.get("description", "")),
        edition=say(edition.title),
        publisher=replace(
            edition.publisher, name=say(edition.publisher.name), address=say(edition.publisher.address)
        ),
    )
