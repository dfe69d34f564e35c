"""Measure everything, or what is named, and write the results: "python -m benchmarks.run"."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import many_editions, one_edition, others
from benchmarks.figures import Figure
from benchmarks.papers import ROOT
from benchmarks.report import as_record, machine, markdown
from benchmarks.setting import Setting, full, smoke

BENCHMARKS: Mapping[str, Callable[[Setting], Iterator[Figure]]] = {
    "help": others.measure_help,
    "preview": others.measure_preview,
    "edition": one_edition.measure,
    "editions": many_editions.measure,
    "memory": many_editions.measure_memory,
    "page": others.measure_page,
    "products": others.measure_products,
}


def main() -> int:
    """Run the command line; return 1 if something could not be measured."""
    options = _options()
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="corridor-bench-") as folder:
        setting = (smoke if options.smoke else full)(Path(folder), options.runs)
        if options.most:
            setting = setting.at_most(options.most)
        for name in options.only or BENCHMARKS:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            try:
                for figure in BENCHMARKS[name](setting):
                    figures.append(figure)
            except Exception as error:  # an hour's figures are not lost over one that cannot be had
                said = f"{type(error).__name__}: {error}"
                failed[name] = said.replace(folder, "FOLDER").replace(str(ROOT), "CORRIDOR")
    about = {**machine(), "runs": options.runs, "smoke": options.smoke}
    page = markdown(figures, failed, about)
    options.results.mkdir(parents=True, exist_ok=True)
    name = f"corridor-{about['packages']['corridor']}-{about['cores']}-cores"
    record = json.dumps(as_record(figures, failed, about), ensure_ascii=False, indent=1)
    (options.results / f"{name}.json").write_text(record + "\n", encoding="utf-8")
    (options.results / f"{name}.md").write_text(page, encoding="utf-8")
    print(page)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how fast papers are built.")
    parser.add_argument("--smoke", action="store_true", help="measure a tiny paper, to see that all works")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--runs", type=int, help="how often each thing is measured [3; of a smoke run 1]")
    parser.add_argument("--most", type=int, metavar="N", help="build at most so many editions at once")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results", metavar="FOLDER")
    options = parser.parse_args()
    options.runs = options.runs or (1 if options.smoke else 3)
    return options


if __name__ == "__main__":
    sys.exit(main())
