from decimal import Decimal

import pytest

from metrics.dictionary.entries import METRICS
from metrics.dictionary.formula import FormulaError, check_measures, divide, growth, parse
from metrics.dictionary.measures import MEASURES

pytestmark = pytest.mark.usefixtures("english")

SUMS = {"a": Decimal(10), "b": Decimal(4), "c": Decimal(2), "zero": Decimal(0), "gone": None}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", 10),
        ("-a", -10),
        ("a + b - c", 12),
        ("a - (b - c)", 8),
        ("a − b × 2", 2),
        ("2 * (a + b) / c", 14),
        ("a / 4", Decimal("2.5")),
        ("(a + b) ÷ (b - c)", 7),
        ("a / b * 100", 250),
        ("a / b / 5", Decimal("0.5")),
        ("-a / -c", 5),
        ("a / zero", None),
        ("a / (b - 2 * c)", None),
        ("a + gone", None),
        ("a / gone", None),
        ("gone / a", None),
    ],
)
def test_value(text, value):
    assert parse(text).value(SUMS) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("a +", "ends too early"),
        ("a b", "“b” at position 3"),
        ("a @ b", "“@” at position 3"),
        ("Orders", "“O” at position 1"),
        ("a * b", "cannot be multiplied"),
        ("a / b / c", "Only one division"),
        ("a / (b / c)", "Only one division"),
        ("a / b + c", "Add before you divide"),
        ("3", "A number alone"),
        ("a + 1", "A number alone"),
        ("a / (b + 1)", "A number alone"),
        ("1 / a", "names no measure"),
        ("a - a", "names no measure"),
        ("a / 0", "divided by zero"),
        ("(a", "closing parenthesis"),
        ("a)", "“)” at position 2"),
        ("growth(a", "closing parenthesis"),
        ("growth a", "opening parenthesis"),
        ("a + growth(b)", "“growth” at position 5"),
        ("__import__", "“_” at position 1"),
        ("a.b", "“.” at position 2"),
    ],
)
def test_refused_with_a_sentence(text, says):
    with pytest.raises(FormulaError) as error:
        parse(text)

    assert says in str(error.value)


def test_unknown_measure_is_named():
    with pytest.raises(FormulaError, match="“turnover”"):
        check_measures(parse("turnover / orders"), ["orders"])


def test_parts_are_kept_apart():
    formula = parse("-a / (b + c)")

    assert formula.is_ratio
    assert formula.parts(SUMS) == (-10, 6)
    assert parse("a + b").parts(SUMS) == (14, None)


def test_growth_is_marked():
    assert parse("growth(a / b)").against == "previous"
    assert parse("growth_year(a)").against == "year_before"
    assert parse("growth_7d(a)").against == "last_days"
    assert parse("a").against == ""


def test_measures_in_the_order_of_the_text():
    assert parse("growth(b + a - b)").measures == ("b", "a")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-a/b", "−Sales ÷ Orders"),
        ("(a+2*b)/b", "(Sales + 2 × Orders) ÷ Orders"),
        ("a/(-b-a)", "Sales ÷ (−Orders − Sales)"),
        ("growth_7d(a)", "change of the last seven days against the seven before, of: Sales"),
        ("growth(a/b)", "change against the period before, of: Sales ÷ Orders"),
    ],
)
def test_in_words(text, words):
    assert parse(text).in_words({"a": "Sales", "b": "Orders"}) == words


def test_divide_by_nothing_is_unknown():
    assert divide(Decimal(1), Decimal(0)) is None
    assert divide(None, Decimal(1)) is None
    assert divide(Decimal(0), Decimal(4)) == 0


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        ("110", "100", "0.1"),
        ("0", "100", "-1"),
        ("5", "0", None),
        ("5", "-2", None),
        (None, "5", None),
        ("5", None, None),
    ],
)
def test_growth_needs_a_positive_base(value, base, expected):
    numbers = [None if each is None else Decimal(each) for each in (value, base, expected)]

    assert growth(numbers[0], numbers[1]) == numbers[2]


def test_units_fit_the_formulas():
    """An amount over a number is an amount, an amount over an amount is a rate or a ratio."""
    units = {measure.code: measure.unit for measure in MEASURES}
    for entry in METRICS:
        formula = parse(entry.formula)
        above = {units[code] for code in formula.numerator.terms}
        below = {units[code] for code in formula.denominator.terms} if formula.denominator else set()

        assert len(above) == 1, entry.code
        if formula.against:
            assert entry.unit == "percent", entry.code
        elif not below:
            assert entry.unit == above.pop(), entry.code
        elif above == {"money"} and below == {"count"}:
            assert entry.unit == "money", entry.code
        elif above == below == {"money"}:
            assert entry.unit in ("percent", "ratio"), entry.code
        else:
            assert entry.unit in ("percent", "ratio", "days", "count"), entry.code
