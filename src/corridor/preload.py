"""What the steps of a build need, to be imported once in the process that workers are forked from."""

# Nothing here starts a thread: processes are forked from the one that has imported it.
import jinja2
import nbformat
import pandas
import papermill
import yaml

import corridor.check
import corridor.compose
import corridor.compute.run
import corridor.compute.runs
import corridor.missing
import corridor.render.embedded.html
import corridor.render.embedded.pdf
import corridor.stage
import corridor.steps

__all__ = ["corridor", "jinja2", "nbformat", "pandas", "papermill", "yaml"]
