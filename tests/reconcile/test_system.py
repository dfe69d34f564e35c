import pytest

from corridor.reconcile.system import blocks, combined, connected, flow, stating, without

from .build import amounts, rank, rates, stated


def test_flows_are_sums_of_exports_and_imports():
    (sold,) = flow("CHN", "KAZ", "export", "2020")
    (bought,) = flow("CHN", "KAZ", "import", "2020")
    assert flow("CHN", "KAZ", "balance", "2020") == {sold: 1, bought: -1}
    assert flow("CHN", "KAZ", "turnover", "2020") == {sold: 1, bought: 1}
    with pytest.raises(KeyError, match="transit"):
        flow("CHN", "KAZ", "transit", "2020")


def test_terms_that_cancel_are_gone():
    (sold,) = flow("CHN", "KAZ", "export", "2020")
    (bought,) = flow("CHN", "KAZ", "import", "2020")
    assert combined(flow("CHN", "KAZ", "balance", "2020"), {sold: 1}, -1) == {bought: -1}


def test_blocks_share_no_cell():
    rows = stated(
        amounts(a=1, b={"flow": "import"}, c={"flow": "balance"}, d={"partner": "BBB"}, e={"year": 2021})
    )
    assert [[row.name for row in block] for block in blocks(rows)] == [["a", "b", "c"], ["d"], ["e"]]


def test_what_one_figure_says_of_two_years_can_be_kept_together():
    rows = stated(amounts(a={"year": 2019}, b={"year": 2020}), rates(r=rank("AAA", 1, period="2019/2020")))
    assert len(blocks(rows)) == 2
    assert len(blocks(rows, by_figure=True)) == 1


def test_rows_by_figure_and_by_cell():
    rows = stated(amounts(a=1, b={"flow": "balance"}, c={"flow": "import"}, d={"partner": "BBB"}))
    assert [row.name for row in without(rows, {"a", "c"})] == ["b", "d"]
    assert [row.name for row in stating(rows, {"a", "c"})] == ["a", "c"]
    assert [row.name for row in connected(rows, set(flow("CHN", "AAA", "import", "2020")))] == ["a", "b", "c"]
