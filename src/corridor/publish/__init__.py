"""The fourth step: make the site of all that was rendered."""

from corridor.publish.matrix import EditionState, matrix_page
from corridor.publish.rendered import Published, open_rendered
from corridor.publish.site import publish, publish_pages

__all__ = ["EditionState", "Published", "matrix_page", "open_rendered", "publish", "publish_pages"]
