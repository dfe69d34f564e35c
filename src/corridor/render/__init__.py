"""The third step: an engine renders a staged project."""
