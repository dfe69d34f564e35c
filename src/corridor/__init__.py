"""Rebuild a policy paper from its data, once per country and language."""

__version__ = "0.5.0"
