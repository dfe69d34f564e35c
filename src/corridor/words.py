"""The words of the interface: what the site and the PDF say around the paper's own text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from corridor.messages import SOURCE, chain, read_catalogue

ENGLISH = {
    "all_editions": "All editions",
    "appendices": "Appendices",
    "appendix": "Appendix",
    "caution": "Caution",
    "cell": "{notebook}, cell “{cell}”",
    "chapter": "Chapter",
    "chapters": "Chapters",
    "close": "Close",
    "contents": "Contents",
    "continue_to_edition": "Continue to the current edition",
    "data": "Data",
    "data_csv": "Data (CSV)",
    "derived_estimated": "derived from estimated figures",
    "derived_projected": "derived from projected figures",
    "derived_quoted": "derived from figures that persons met gave",
    "derived_reported": "derived from reported figures",
    "derived_rule": "derived from legal limits",
    "derived_target": "derived from targets",
    "download_pdf": "Download PDF",
    "edition": "Edition",
    "editions": "Editions",
    "editions_state": "State of the editions",
    "fact_all": "All facts",
    "fact_more": "This fact in the list of all facts",
    "fact_note": "Note",
    "fact_rounded": "rounded to {step}",
    "fact_shown": "in the text to the nearest {step}",
    "facts": "Facts",
    "facts_count": "Facts in this edition: {count}. Download:",
    "facts_found": "Facts shown: {count} of {all}",
    "facts_groups": "Groups of facts",
    "facts_search": "Search the facts",
    "facts_sources": "They come from:",
    "feed": "News of releases (Atom)",
    "figure": "Figure",
    "figures": "Figures",
    "formula": "Formula",
    "how": "Computed",
    "image_svg": "Image (SVG)",
    "important": "Important",
    "inputs": "From",
    "language": "Language",
    "licence": "Licence",
    "light_dark": "Dark colours",
    "link_to_section": "Link to this section",
    "map_of_editions": "Map of the countries that have an edition",
    "menu": "Menu",
    "missing_data": "Without data",
    "next": "Next",
    "not_available": "not available: no source prints it",
    "note": "Note",
    "notebook": "Notebook",
    "on_this_page": "On this page",
    "page": "page",
    "page_missing": "There is no such page",
    "page_missing_about": "The address may be mistyped, or the page may have moved. The paper starts here:",
    "pages": "pages",
    "previous": "Previous",
    "published": "Published",
    "quotation": "“{text}”",
    "row_of": "row in {table}",
    "rows_about": "The rows of the data that facts of this edition come from.",
    "rows_title": "Data rows: {table}",
    "same_as": "Same as",
    "same_as_print": "the same as: {title}",
    "search": "Search",
    "search_count": "Results: {count}",
    "search_failed": "Search is not available here.",
    "search_none": "Nothing found for “{query}”.",
    "search_offline": "Search needs a web server: it does not work in a copy opened from disk.",
    "search_placeholder": "Search this paper",
    "section": "Section",
    "skip_to_content": "Skip to content",
    "sources": "Sources",
    "state": "State",
    "state_fresh": "up to date",
    "state_stale": "older than its sources",
    "status_derived": "derived",
    "status_estimated": "estimated",
    "status_projected": "projected",
    "status_quoted": "said by persons met",
    "status_reported": "reported",
    "status_rule": "legal limit",
    "status_target": "target",
    "table": "Table",
    "tables": "Tables",
    "tip": "Tip",
    "translated": "Translated",
    "translated_stale": "(of older text: {count})",
    "used_in": "Used in",
    "version": "Version",
    "warning": "Warning",
}
"""The words by key; the key is the context of the message in the framework's catalogues."""


@cache
def words(language: str) -> Mapping[str, str]:
    """Return the interface words of a language by key; a word that it lacks in the next of its chain."""
    catalogues = [read_catalogue(one, None) for one in chain(language) if one != SOURCE]
    found = {
        key: next((c.singular[key, text] for c in catalogues if (key, text) in c.singular), text)
        for key, text in ENGLISH.items()
    }
    return MappingProxyType(found)
