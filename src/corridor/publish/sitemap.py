"""The list of all pages for search engines."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from corridor.publish.switches import Renditions, alternates


def sitemap(renditions: Renditions, address: str, own: Sequence[str]) -> str:
    """Return ``sitemap.xml``.

    Parameters
    ----------
    renditions
        All of the site.
    address
        Where the site will be, with a slash at its end.
    own
        Pages besides those of renditions, relative to the site's root.
    """
    lines = [f"<url><loc>{escape(address + page)}</loc></url>" for page in own]
    for one in renditions.every:
        for page in one.pages:
            place = escape(f"{address}{one.path}/{quote(page)}")
            others = "".join(
                f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(href)}"/>'
                for language, href in alternates(one, page, renditions, address)
            )
            lines.append(f"<url><loc>{place}</loc><lastmod>{one.date}</lastmod>{others}</url>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        + "\n".join(lines)
        + "\n</urlset>\n"
    )
