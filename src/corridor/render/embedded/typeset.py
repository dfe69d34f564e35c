"""A process that sets one PDF and ends.

Typst keeps hundreds of megabytes of each document that it has set, for as long as its process lives.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

# None of Python's own.
_REFUSED = 3


class TypesettingError(Exception):
    """Typst refused a document.

    Parameters
    ----------
    message
        What is wrong.
    diagnostic
        The same with its places in the document.
    hints
        How Typst thinks that it can be mended.
    """

    def __init__(self, message: str, diagnostic: str, hints: list[str]) -> None:
        super().__init__(message)
        self.message = message
        self.diagnostic = diagnostic
        self.hints = hints


def typeset(source: Path, **options: Any) -> bytes:
    """Return the PDF of a Typst document.

    Parameters
    ----------
    source
        The document.
    options
        Those of ``typst.compile``; JSON can hold them.

    Raises
    ------
    TypesettingError
        If the document does not compile or does not meet the standard asked for.
    """
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps({"input": str(source), **options}).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode == _REFUSED:
        raise TypesettingError(**json.loads(done.stderr))
    if done.returncode:
        raise RuntimeError(f"typst failed: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _main() -> None:
    import typst

    try:
        content = typst.compile(**json.load(sys.stdin))
    except typst.TypstError as error:
        told = {"message": error.message, "diagnostic": str(error.diagnostic), "hints": list(error.hints)}
        json.dump(told, sys.stderr)
        sys.exit(_REFUSED)
    assert isinstance(content, bytes)
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    _main()
