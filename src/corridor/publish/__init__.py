"""The fourth step: put what was rendered into the site."""

from corridor.publish.site import publish

__all__ = ["publish"]
