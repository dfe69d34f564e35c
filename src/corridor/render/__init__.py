"""The third step: an engine renders a staged project."""

from corridor.render.engine import EMBEDDED, ENGINES, FORMATS, Engine, choose, quarto_version

__all__ = ["EMBEDDED", "ENGINES", "FORMATS", "Engine", "choose", "quarto_version"]
