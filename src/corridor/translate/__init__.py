"""Translation: messages of chapters, notebooks, data and settings in gettext catalogues, and back."""
