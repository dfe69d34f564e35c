"""What a user can mend: faults with file, line, what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing in the paper that its author can mend.

    Parameters
    ----------
    file
        Path relative to the paper's root, with forward slashes.
    line
        Line in the file, counted from 1; ``None`` where no line can be named.
    what
        What is wrong, quoting the offending text.
    mend
        How to mend it, as an instruction.

    Examples
    --------
    >>> print(Fault(file="data/flows.csv", line=17, what='year: "20l8" is not a year',
    ...             mend="write four digits, such as 2018"))
    data/flows.csv:17: year: "20l8" is not a year; write four digits, such as 2018
    """

    file: str
    line: int | None = None
    what: str
    mend: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.what}; {self.mend}"


class PaperError(Exception):
    """The paper has faults: the user's to mend, never a bug of ours."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class KernelError(PaperError):
    """A notebook's kernel died or did not end in time; on another worker it may."""


def raise_any(faults: Iterable[Fault]) -> None:
    """Raise one `PaperError` with all faults, if there are any."""
    if found := tuple(faults):
        raise PaperError(*found)
