"""The first step: run the notebooks for one rendition; the executed notebook is the record."""
