"""Texts that code passes through gettext."""

import json

import pytest

from corridor.errors import PaperError
from corridor.translate.calls import messages_of_code, messages_of_notebook


def test_calls() -> None:
    code = (
        'heads = [_("Year"), messages.gettext("In {year}").format(year=1), N_("later")]\n'
        'ngettext("{n} item", "{n} items", 3), pgettext("short", "May")\n'
        "# Translators: the month\n# in full\n"
        '_("May " "again")\n_(variable)\nother("No")\n'
    )
    found = messages_of_code(code, "a.py")
    assert [(one.context, one.id, one.plural) for one in found] == [
        (None, "Year", None),
        (None, "In {year}", None),
        (None, "later", None),
        (None, "{n} item", "{n} items"),
        ("short", "May", None),
        (None, "May again", None),
    ]
    assert [one.flags for one in found[:2]] == [(), ("python-brace-format",)]
    assert found[-1].comments == ("the month in full",)


@pytest.mark.parametrize(
    "code", ['x = 1\n_(f"In {year}")', 'x = 1\n_("In " + year)', 'x = 1\n_("%s" % year)']
)
def test_a_text_put_together_too_early_is_a_fault(code: str) -> None:
    with pytest.raises(PaperError, match=r"a\.py:2: _\(\.\.\.\) has a text that is put together"):
        messages_of_code(code, "a.py")


def test_cells() -> None:
    cells = [
        {"cell_type": "markdown", "source": '_("no")'},
        {"cell_type": "code", "source": ["#| label: sales\n", "%matplotlib inline\n", '_("Sales")']},
    ]
    [found] = messages_of_notebook(json.dumps({"cells": cells}), "analysis/a.ipynb")
    assert (found.id, found.comments) == ("Sales", ("cell sales",))
    with pytest.raises(PaperError, match="not a notebook"):
        messages_of_notebook("[]", "analysis/a.ipynb")
