"""What is installed here that a build depends on."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

from corridor import __version__
from corridor.errors import PaperError
from corridor.render.engine import LEAST_QUARTO, choose, quarto_version

_PACKAGES = ("pandas", "altair", "vl-convert-python", "papermill", "ipykernel", "duckdb")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def report() -> list[str]:
    """Return one line for each engine and package."""
    from corridor import pandoc
    from corridor.compute.kernel import described

    least = ".".join(map(str, LEAST_QUARTO))
    found = quarto_version()
    pandoc_version = pandoc.run("", "--version").splitlines()[0].removeprefix("pandoc ")
    lines = [
        f"corridor    {__version__} on Python {platform.python_version()}",
        f"quarto      {found or f'not on PATH (optional; {least} or newer would be used)'}",
        f"pandoc      {pandoc_version} (embedded engine)",
        f"typst       {_version('typst')} (embedded engine)",
        f"pagefind    {_version('pagefind_bin')} (embedded engine)",
    ]
    lines += [f"{name:<11} {_version(name)}" for name in _PACKAGES]
    lines.append(f"kernels     {described()}")
    browser = next((name for name in _BROWSERS if shutil.which(name)), None)
    lines.append(f"browser     {browser or 'none (needed only by the tests)'}")
    try:
        lines.append(f"a build here uses {choose('auto').version}")
    except PaperError as error:
        lines.append(str(error))
    return lines


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
