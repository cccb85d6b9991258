import pytest

from metrics.signals import Rule, xmr
from tests.metrics.builders import GOLDEN


@pytest.mark.parametrize("case", GOLDEN["xmr"], ids=lambda case: case["name"])
def test_published_series(case):
    result = xmr(case["data"])

    found = (result.centre, result.mr_centre, result.lower, result.upper, result.mr_upper)
    expected = (case["mean"], case["mR_bar"], case["LNPL"], case["UNPL"], case["URL"])
    assert [float(number) for number in found] == pytest.approx(expected, abs=6e-4)
    assert {rule.value: list(marks) for rule, marks in result.marks.items()} == {
        "outside": case["x_outside"],
        "range": case["mr_outside"],
        "near": case["three_of_four_near_limit_window"],
        "run": case["run_of_8"],
    }


def test_median_of_the_moving_ranges():
    case = GOLDEN["xmr_median"]

    result = xmr(case["data"], median=True)

    found = (result.centre, result.mr_centre, result.lower, result.upper, result.mr_upper)
    expected = (case["mean"], case["median_mR"], case["LNPL"], case["UNPL"], case["URL"])
    assert [float(number) for number in found] == pytest.approx(expected, abs=6e-4)


def test_on_the_limit_is_not_outside():
    # Centre 0, moving ranges 100 and 100: limits at ±266.
    values = [0, 0]
    assert xmr(values).marks[Rule.OUTSIDE] == ()
    assert xmr([5, 5, 5]).marks == dict.fromkeys(Rule, ())


def test_a_value_on_the_centre_ends_a_run():
    below, above = [-1] * 4, [1] * 4

    assert xmr([*below, *above, 0, *above, *below]).marks[Rule.RUN] == ()
    assert xmr([*above, *above, *below, *below]).marks[Rule.RUN] == tuple(range(16))


def test_floor_lifts_the_lower_limit_only():
    values = [1, 9, 1, 9, 1, 9]

    plain, floored = xmr(values), xmr(values, floor=0)

    assert plain.lower < 0
    assert floored.lower == 0
    assert (floored.upper, floored.marks) == (plain.upper, plain.marks)


def test_rules_at_a_position():
    result = xmr([10, 11, 10, 9, 10, 11, 10, 60])

    assert result.rules_at(7) == [Rule.OUTSIDE, Rule.RANGE]
    assert result.rules_at(0) == []


def test_solid_from_twelve_values():
    assert not xmr(range(11)).is_solid
    assert xmr(range(12)).is_solid


@pytest.mark.parametrize("values", [[], [1]])
def test_too_few_values(values):
    with pytest.raises(ValueError, match="two values"):
        xmr(values)
