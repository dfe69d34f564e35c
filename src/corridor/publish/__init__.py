"""The fourth step: put what was rendered into the site."""

from corridor.publish.site import publish, restore_site

__all__ = ["publish", "restore_site"]
