"""The second step: write a plain Quarto project for one rendition."""

from corridor.stage.project import StagedProject, illustrations, open_project, stage
from corridor.stage.variables import flatten, variables

__all__ = [
    "StagedProject",
    "flatten",
    "illustrations",
    "open_project",
    "stage",
    "variables",
]
