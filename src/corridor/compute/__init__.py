"""The first step: run the notebooks for one rendition; the executed notebook is the record."""

from corridor.compute.notebook import check_notebook, read_notebook, strip, written
from corridor.compute.run import run_notebook

__all__ = ["check_notebook", "read_notebook", "run_notebook", "strip", "written"]
