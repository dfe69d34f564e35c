"""Tables and documents in the language of a rendition."""

import json
from pathlib import Path

import pytest

from corridor.check.descriptor import check_descriptor
from corridor.data import open_package, translatable
from corridor.translate.catalogues import Source
from corridor.translate.merging import merged, write, written_template

ROOT = Path(__file__).parents[2]


def describe(folder: Path, **translate: object) -> None:
    fields = [
        {"name": name, "type": "string", **({"translate": translate[name]} if name in translate else {})}
        for name in ("key", "what", "kind")
    ]
    resources = [
        {"name": "facts", "path": "facts.csv", "schema": {"fields": fields}},
        {"name": "interviews", "path": "interviews.yml"},
    ]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the data of a paper that has a Russian and a Kazakh catalogue."""
    data = tmp_path / "data"
    data.mkdir()
    describe(data, what=True, kind="by-notebook")
    (data / "facts.csv").write_text("key,what,kind\nSales,Sales,Sales\n,Losses,\n", encoding="utf-8")
    document = {"source": "Sales", "limitations": ["Sales", "Other"], "sectors": [{"title": "Sales"}]}
    (data / "interviews.yml").write_text(json.dumps(document), encoding="utf-8")
    for language, said in {"ru": {"Sales": "Продажи", "Losses": "Убытки"}, "kk": {"Sales": "Сату"}}.items():
        template = written_template([Source(id=text, file="x") for text in said], "paper", "1")
        catalogue = merged(template, None, language, "paper", "1")
        for text, translation in said.items():
            catalogue[text].string = translation
        write(catalogue, tmp_path / f"locales/{language}/data/facts.po")
    return data


def test_tables(folder: Path) -> None:
    table = open_package(folder, "kk").table("facts")
    assert table.to_dict("list") == {
        "key": ["Sales", ""],
        "what": ["Сату", "Убытки"],  # Russian where Kazakh is silent
        "kind": ["Sales", ""],
    }
    assert open_package(folder).table("facts")["what"].tolist() == ["Sales", "Losses"]


def test_documents(folder: Path) -> None:
    assert open_package(folder, "ru").document("interviews") == {
        "source": "Sales",
        "limitations": ["Продажи", "Other"],
        "sectors": [{"title": "Продажи"}],
    }
    assert open_package(folder).document("interviews")["limitations"] == ["Sales", "Other"]


def test_what_readers_see(folder: Path) -> None:
    package = open_package(folder)
    assert list(translatable(package, "facts")) == [("what", "Sales"), ("kind", "Sales"), ("what", "Losses")]
    assert list(translatable(package, "interviews")) == [
        ("limitations", "Sales"),
        ("limitations", "Other"),
        ("sectors.title", "Sales"),
    ]


def test_a_catalogue_that_has_changed_is_read_again(folder: Path) -> None:
    file = folder.parent / "locales/ru/data/facts.po"
    assert open_package(folder, "ru").table("facts")["what"].tolist() == ["Продажи", "Убытки"]
    file.write_text(file.read_text(encoding="utf-8").replace("Убытки", "Потери"), encoding="utf-8")
    assert open_package(folder, "ru").table("facts")["what"].tolist() == ["Продажи", "Потери"]


def test_the_mark_has_two_values(folder: Path) -> None:
    assert check_descriptor(folder, folder.parent) == []
    describe(folder, what="yes")
    [fault] = check_descriptor(folder, folder.parent)
    assert (fault.what, fault.mend) == (
        'the field "what" says "translate": "yes"',
        'write true or "by-notebook", or take it out',
    )


def test_no_key_of_the_paper_is_translated() -> None:
    package = open_package(ROOT / "data")
    marked = {name: set(resource.shown) for name, resource in package.resources.items() if resource.shown}
    kept = {
        "key",
        "id",
        "source",
        "locator",
        "printed",
        "unit",
        "qualifier",
        "status",
        "flag",
        "year",
        "route",
    }
    assert marked
    assert not {(name, field) for name, fields in marked.items() for field in fields & kept}
    for name in ("swot", "recommendations", "interviews", "conflicts"):
        places = {where for where, _ in translatable(package, name)}
        assert places
        assert not [one for one in places if one.rpartition(".")[2] in kept | {"theme", "codes", "kind"}]
