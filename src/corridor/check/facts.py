"""Facts in the text: every key is known, and every statement bound to a condition still holds."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from itertools import product

from corridor.check.numbers import Claim
from corridor.check.outline import could_be_fact
from corridor.check.readings import readings
from corridor.errors import Fault
from corridor.expressions import Expression, ExpressionError
from corridor.facts import FORMS, Fact, split_form
from corridor.manuscript import Manuscript
from corridor.nearest import closest, nearest
from corridor.stage.variables import RESERVED, shown
from corridor.store import Store


def needs_facts(manuscript: Manuscript, known: Container[str], store: Store) -> bool:
    """Whether the text shows or is bound to anything that only notebooks state."""
    named = (name for name in shown(manuscript.markdown) if name not in known)
    return any(map(could_be_fact, named)) or any(read.claims for read in readings(manuscript, store).values())


def check_facts(
    manuscript: Manuscript,
    known: Collection[str],
    facts: Mapping[str, Fact],
    works: Container[str],
    store: Store,
) -> list[Fault]:
    """Return what in the text names no fact, or says what the facts refute.

    Parameters
    ----------
    manuscript
        The text.
    known
        What it can show besides facts.
    facts
        The facts of the rendition, by key.
    works
        Keys of the bibliography.
    store
        Keeps what the chapters say.
    """
    faults = [*_clashes(facts), *_unknown_sources(facts, works)]
    language = manuscript.language
    countries = (*manuscript.rendition.edition.countries, manuscript.home or "")
    for name, places in shown(manuscript.markdown).items():
        if name in known or not could_be_fact(name):
            continue  # what could be no fact is refused before anything is computed
        if wrong := _wrong(name, facts, [*known, *facts], language, countries):
            faults += [Fault(file=file, line=line, what=wrong[0], mend=wrong[1]) for file, line in places]
    for chapter, read in readings(manuscript, store).items():
        for claim in read.claims:
            if wrong := _refuted(claim, facts, language):
                faults.append(Fault(file=chapter, line=claim.line, what=wrong[0], mend=wrong[1]))
    return faults


def _clashes(facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """Yield a fault for each key that ``_variables.yml`` cannot hold beside the others."""
    for key, fact in facts.items():
        parts = key.split(".")
        if parts[0] in RESERVED:
            what = f'the fact "{key}" has a key that begins with "{parts[0]}", which is the paper\'s own'
            yield Fault(file=fact.notebook, what=what, mend="give it another key")
        for length in range(2, len(parts)):
            if (shorter := ".".join(parts[:length])) in facts:
                what = f'the fact "{key}" lies below the fact "{shorter}"'
                yield Fault(file=fact.notebook, what=what, mend="give one of the two another key")


def _unknown_sources(facts: Mapping[str, Fact], works: Container[str]) -> Iterator[Fault]:
    for key, fact in facts.items():
        for name in dict.fromkeys(source.key for source in fact.sources):
            if name not in works:
                what = f'the fact "{key}" has the source "{name}", which is not in the bibliography'
                yield Fault(file=fact.notebook, what=what, mend="name a key of references.bib")


def _wrong(
    name: str, facts: Mapping[str, Fact], known: list[str], language: str, countries: Collection[str]
) -> tuple[str, str] | None:
    """Return what is wrong with a name that the text shows, and how to mend it."""
    key, form = split_form(name)
    if key not in facts:
        if country := _other_country(key, known, countries):
            return (
                f'there is no fact "{key}": this edition does not cover {country}',
                "put the sentence into a block that only editions on it show",
            )
        return f'there is no fact or variable "{key}"', _near(key, known)
    if not form and "-" not in name:
        return None
    if form not in FORMS:
        return f'"{form}" is no form of a fact', nearest(form, FORMS, f"the forms are {', '.join(FORMS)}")
    if facts[key].text(form, language) is None:
        return (
            f'the fact "{key}" has no form "{form}": it is {facts[key].text("", language)}',
            "use the fact as it is, or another form",
        )
    return None


def _other_country(key: str, known: Collection[str], countries: Collection[str]) -> str | None:
    """Return the country that a key names, but no fact of the edition, which does not cover it."""
    own = {code.lower() for code in countries}
    named = {name.removeprefix("name.") for name in known if name.startswith("name.") and "-" not in name}
    told = {part for name in known if not name.startswith("name.") for part in name.split(".")}
    found = (part for part in key.split(".")[1:] if part in named - own - told and part != "partner")
    return next((part.upper() for part in found), None)


def _near(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, known, n=3) or [name for name in [closest(key, known)] if name]
    if near:
        return "did you mean " + " or ".join(f'"{name}"' for name in near) + "?"
    return 'state it in a notebook; "corridor facts" lists what there is'


def _refuted(claim: Claim, facts: Mapping[str, Fact], language: str) -> tuple[str, str] | None:
    """Return why a statement cannot stand, and how to mend it."""
    if not claim.condition:
        return (
            f'the statement "{claim.wording}" has no condition',
            'bind it to facts, such as {.claim if="trade.kaz.exports_2023 > trade.kgz.exports_2023"}',
        )
    try:
        condition = Expression(claim.condition)
        if not condition.is_condition:
            raise ExpressionError(f'"{claim.condition}" compares nothing')
        for name in condition.names:
            if name not in facts:
                return f'the condition of "{claim.wording}" names no fact: "{name}"', _near(name, list(facts))
        if not condition.names:
            raise ExpressionError(f'"{claim.condition}" names no fact')
        ends = [{facts[name].value, facts[name].upper or facts[name].value} for name in condition.names]
        if all(condition.value(dict(zip(condition.names, some, strict=True))) for some in product(*ends)):
            return None
    except ExpressionError as error:
        return f'the condition of "{claim.wording}" cannot be tried: {error}', "mend the condition"
    told = "; ".join(f"{name} is {facts[name].text('', language)}" for name in condition.names)
    return (
        f'the text says "{claim.wording}", which holds if {claim.condition}; but {told}',
        "change the wording, or its condition",
    )
