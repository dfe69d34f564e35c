"""A staged paper whose text shows facts, made by hand from that of the tests."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import yaml

from corridor.data import Package, Resource, open_package
from corridor.facts import Fact, Source, derived
from corridor.stage import StagedProject, open_project
from corridor.stage.entries import Listing
from corridor.stage.facts import FOLDER, list_facts, tell, with_facts, write_facts
from corridor.stage.variables import fact_variables, nested
from corridor.store import Store

ALPHA = (Source("alpha2020", 'sec. 2, para. beginning "Exports <rose>"'),)
BETA = (Source("beta2021", "Table 1"),)


def small_facts() -> dict[str, Fact]:
    """Return facts of every kind by key."""
    stated = [
        Fact(
            key="trade.aaa.exports_2023",
            title="Exports of Aland to China, 2023",
            value=19720000000.0,
            unit="USD",
            rounding=10000000.0,
            year=2023,
            status="estimated",
            sources=ALPHA,
            resource="flows",
            note='Printed as "19.72".',
            notebook="analysis/trade.ipynb",
            cell="flows",
        ),
        Fact(
            key="trade.aaa.exports_2021",
            title="Exports of Aland to China, 2021",
            value=9000000000.0,
            unit="USD",
            rounding=1000000000.0,
            qualifier="over",
            period="2021-01/2021-06",
            status="projected",
            sources=BETA,
            resource="flows",
            notebook="analysis/trade.ipynb",
            cell="flows",
        ),
        Fact(
            key="survey.delays",
            title="Days that goods wait at the border",
            value=3.0,
            upper=5.0,
            unit="days",
            rounding=1.0,
            period="2019/2021",
            status="quoted",
            sources=BETA,
            resource="flows",
        ),
    ]
    facts = {one.key: one for one in stated}
    ratio = derived(
        "trade.aaa.exports_ratio",
        "trade.aaa.exports_2023 / trade.aaa.exports_2021",
        facts,
        title="Exports in 2023 as a multiple of those in 2021",
        unit="times",
        rounding=0.1,
    )
    facts[ratio.key] = ratio
    same = derived("summary.exports", "trade.aaa.exports_2023", facts)
    facts[same.key] = same
    count = Fact(
        key="survey.firms",
        title='Firms asked in "Two Lands" & beyond',
        value=24.0,
        unit="firms",
        rounding=1.0,
        status="derived",
        basis="reported",
        sources=(*ALPHA, *BETA, Source("alpha2020", "Annex <b>1</b>")),
        how="Counted over the rows of the survey that name a firm.",
        notebook="analysis/trade.ipynb",
        cell="volume",
    )
    facts[count.key] = count
    return facts


ROWS = """key,reporter,value,qualifier,source,locator,note
trade.aaa.exports_2023,AAA,19720000000,,alpha2020,sec. 2,<script>alert(1)</script>
trade.bbb.exports_2023,BBB,77777,,alpha2020,sec. 9,another edition's
trade.aaa.exports_2021,AAA,9000000000,over,beta2021,Table 1,
survey.delays,AAA,3,from,beta2021,Table 1,
,AAA,5,to,beta2021,Table 1,upper end
other.range,AAA,1,from,beta2021,Table 1,
,AAA,88888,to,beta2021,Table 1,
"""

TRADE = """
## Beyond {{< var trade.aaa.exports_2023 >}} {#sec-beyond}

Exports were {{< var trade.aaa.exports_2023 >}}, or {{< var trade.aaa.exports_2023-digits >}} in short, which
[more than doubled]{.claim if="trade.aaa.exports_2023 > 2 * trade.aaa.exports_2021"} them, from
{{< var trade.aaa.exports_2021 >}}; take [1.2]{.unchecked reason="an example"}.[^delay] See
[the method](/chapters/method.qmd#sec-method) and [these facts](/chapters/facts.qmd).

[^delay]: Goods wait {{< var survey.delays >}}.

::: {#tbl-facts}

| What | How much |
|------|----------|
| Growth | {{< var trade.aaa.exports_ratio >}} |

Growth from {{< var trade.aaa.exports_2021 >}}

:::
"""

METHOD = """
We asked {{< var survey.firms >}} about {{< var trade.aaa.exports_2023 >}}.
"""

FACTS = """# Facts {#sec-facts}

Every figure of the text.

::: {#facts}
:::
"""


def stage_facts(
    built: Path, folder: Path, facts: Mapping[str, Fact], additions: Mapping[str, str]
) -> tuple[StagedProject, Listing]:
    """Stage a built paper anew with facts in its text, and the chapter that lists them."""
    shutil.copytree(built / "_build" / "region" / "en", folder)
    settings = yaml.safe_load((folder / "_quarto.yml").read_text(encoding="utf-8"))
    chapters = settings["book"]["chapters"]
    settings["book"]["appendices"] = ["chapters/facts.qmd", chapters.pop()]
    (folder / "_quarto.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    names = [*chapters, *settings["book"]["appendices"]]
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in names if "facts" not in name}
    texts = {name: texts.get(name, FACTS) + additions.get(name, "") for name in names}
    store = Store(folder.parent / f"{folder.name}-store")
    listing = list_facts(texts, facts, folder / "references.bib", open_package(built / "data"), store)
    assert listing is not None
    told = tell(listing, package(folder.parent / f"{folder.name}-data"), store)
    for name, text in texts.items():
        (folder / name).write_text(with_facts(text, listing, told), encoding="utf-8")
    shown = [f"{key}{form}" for key in facts for form in ("", "-digits")]
    known = open_project(folder).variables | fact_variables(facts, shown, "en", page="chapters/facts.qmd")
    (folder / "_variables.yml").write_text(yaml.safe_dump(nested(known)), encoding="utf-8")
    write_facts(folder / FOLDER, listing, told)
    return open_project(folder), listing


def package(folder: Path) -> Package:
    folder.mkdir()
    (folder / "flows.csv").write_text(ROWS, encoding="utf-8")
    flows = Resource(name="flows", path=folder / "flows.csv", schema={"fields": []})
    return Package(folder=folder, resources={"flows": flows})
