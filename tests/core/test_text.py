import pytest

from core.text import aligned, safe_cell, width


def test_chinese_takes_two_columns():
    assert width("复盘") == 4
    assert width("a（b") == 4


def test_aligned():
    rows = [("name", "n"), ("订单", "1,200"), ("x", "3")]

    assert aligned(rows, numbers=(1,)).splitlines() == ["name      n", "订单  1,200", "x         3"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "  =1+1", "\ufeff=1", "＝1", "\0=1"]
)
def test_a_text_that_would_run_is_disarmed(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "cell"), [(-5, "-5"), (None, ""), ("a=b", "a=b"), ("", "")])
def test_other_cells_stay(value, cell):
    assert safe_cell(value) == cell
