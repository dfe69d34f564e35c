"""The words of the interface: what the site and the PDF say around the paper's own text."""

from __future__ import annotations

_ENGLISH = {
    "appendices": "Appendices",
    "appendix": "Appendix",
    "caution": "Caution",
    "chapter": "Chapter",
    "close": "Close",
    "contents": "Contents",
    "continue_to_edition": "Continue to the current edition",
    "data_csv": "Data (CSV)",
    "download_pdf": "Download PDF",
    "edition": "Edition",
    "figure": "Figure",
    "figures": "Figures",
    "image_svg": "Image (SVG)",
    "important": "Important",
    "licence": "Licence",
    "light_dark": "Dark colours",
    "link_to_section": "Link to this section",
    "menu": "Menu",
    "next": "Next",
    "note": "Note",
    "on_this_page": "On this page",
    "previous": "Previous",
    "published": "Published",
    "search": "Search",
    "search_count": "Results: {count}",
    "search_failed": "Search is not available here.",
    "search_none": "Nothing found for “{query}”.",
    "search_offline": "Search needs a web server: it does not work in a copy opened from disk.",
    "search_placeholder": "Search this paper",
    "section": "Section",
    "skip_to_content": "Skip to content",
    "table": "Table",
    "tables": "Tables",
    "tip": "Tip",
    "version": "Version",
    "warning": "Warning",
}


def words(language: str) -> dict[str, str]:
    """Return the interface words of a language by key; English where there is no other catalogue."""
    del language  # one catalogue so far
    return _ENGLISH
