"""One table each: what stands in a cell → what it is, or why it cannot be read."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.intake import values
from metrics.intake.problems import BadCell


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("6.29", ".", "6.29"),
        ("-0.94", ".", "-0.94"),
        ("0", ".", "0"),
        ("+3", ".", "3"),
        ("-1,603.21", ".", "-1603.21"),
        ("1,234,567.89", ".", "1234567.89"),
        ("1,00,000.50", ".", "100000.50"),
        ("1 234.50", ".", "1234.50"),
        ("1\u202f234.50", ".", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("1141,18", ",", "1141.18"),
        ("1.141,18", ",", "1141.18"),
        ("-1.234.567,8", ",", "-1234567.8"),
        ("1\xa0141,18", ",", "1141.18"),
        ("\u22125.00", ".", "-5"),
        ("(5.00)", ".", "-5"),
        ("5.00-", ".", "-5"),
        ("$7,274.35", ".", "7274.35"),
        ("-$3.10", ".", "-3.10"),
        ("$-3.10", ".", "-3.10"),
        ("12,50 €", ",", "12.50"),
        ("₹75,565.26", ".", "75565.26"),
        ("Rs.1000.0", ".", "1000"),
        ("USD 12.00", ".", "12"),
        ("8.00E-04", ".", "0.0008"),
        ("7.82115E+12", ".", None),
        ('="42"', ".", "42"),
        ("'42", ".", "42"),
        ("１２.５", ".", "12.5"),
        (6.29, ".", "6.29"),
        (0.1 + 0.2, ".", "0.3"),
        (3, ",", "3"),
    ],
)
def test_numbers(text, mark, expected):
    if expected is None:
        with pytest.raises(BadCell) as error:
            values.number(text, mark)
        assert error.value.code == "number_too_large"
    else:
        assert values.unscaled(values.number(text, mark)) == Decimal(expected)


@pytest.mark.parametrize("text", ["", " ", "-", "--", "—", "#N/A"])
def test_an_empty_number_is_none_and_not_zero(text):
    assert values.number(text) is None


@pytest.mark.parametrize(
    ("text", "mark", "code"),
    [
        ("12,50", ".", "not_a_number"),
        ("1.141", ",", None),
        ("12.50", ",", "not_a_number"),
        ("abc", ".", "not_a_number"),
        ("1,2,3", ".", "not_a_number"),
        ("6.2.9", ".", "not_a_number"),
        ('6.2"9', ".", "not_a_number"),
        ("TRUE", ".", "not_a_number"),
        (True, ".", "not_a_number"),
        ("########", ".", "number_damaged"),
        ("9" * 20, ".", "number_too_large"),
        ("1e99", ".", "number_too_large"),
        ("NaN", ".", "not_a_number"),
        (".", ".", "not_a_number"),
        ("-$", ".", "not_a_number"),
    ],
)
def test_what_is_no_number_is_refused_with_its_cause(text, mark, code):
    if code is None:
        assert values.unscaled(values.number(text, mark)) == 1141
        return
    with pytest.raises(BadCell) as error:
        values.number(text, mark)
    assert error.value.code == code


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_written_either_way_is_read_back_exactly(amount):
    english, german = f"{amount:,.2f}", f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))

    assert values.unscaled(values.number(english, ".")) == amount
    assert values.unscaled(values.number(german, ",")) == amount


@pytest.mark.parametrize(
    ("texts", "default", "expected"),
    [
        (["0.47", "6.29", "-1,603.21"], ",", "."),
        (["0,47", "6,29", "-1.603,21"], ".", ","),
        (["1141,18"], ".", ","),
        (["1,234"], ".", "."),
        (["1,234"], ",", ","),
        (["1,234,567"], ",", "."),
        (["0,123"], ".", ","),
        (["5", "0", ""], ",", ","),
        (["8.00E-04", "0,5"], ".", ","),
    ],
)
def test_the_decimal_mark_is_judged_from_the_numbers(texts, default, expected):
    assert values.decimal_mark(texts, default) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oct 1, 2025 12:23:28 AM PDT", date(2025, 10, 1)),
        ("Nov 2, 2025 1:30:00 AM PST", date(2025, 11, 2)),
        ("15 Mar 2026 3:22:08 PM UTC", date(2026, 3, 15)),
        ("1 Jul 2026 4:24:44 am UTC", date(2026, 7, 1)),
        ("Oct. 1, 2025 12:23:28 a.m. PDT", date(2025, 10, 1)),
        ("2025-10-01 上午12:23:28 PDT", date(2025, 10, 1)),
        ("2025年10月1日 下午1:05:00 PDT", date(2025, 10, 1)),
        ("14.03.2023 07:49:55 UTC", date(2023, 3, 14)),
        ("3 janv. 2022 07:31:04 UTC", date(2022, 1, 3)),
        ("31 ene. 2023 23:15:36 GMT+00:00", date(2023, 1, 31)),
        ("1 de octubre de 2025 04:32:20 GMT-7", date(2025, 10, 1)),
        ("1 ott 2025 07:08:12 UTC+00:00", date(2025, 10, 1)),
        ("14 Aug 2025 1:00:00 PM BST", date(2025, 8, 14)),
        ("2025/10/01 0:23:28JST", date(2025, 10, 1)),
        ("2025-10-01T00:23:28Z", date(2025, 10, 1)),
        ("10/1/2025 0:23", date(2025, 10, 1)),
        ("2/25/17", date(2017, 2, 25)),
        ("2017-02-25", date(2017, 2, 25)),
        ("２０２５/１０/０１", date(2025, 10, 1)),
    ],
)
def test_days_as_written(text, expected):
    head, _colon, rest = text.partition(":")

    assert date.fromordinal(values.day(head)) == expected
    assert not rest or values.is_time_rest(rest)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Feb 30, 2025", "no_such_day"),
        ("Foo 1, 2025", "not_a_date"),
        ("yesterday", "not_a_date"),
        ("13/13/2025", "no_such_day"),
        ("Oct 1, 1925", "no_such_day"),
        ("45931", "not_a_date"),
        ("date/time", "not_a_date"),
    ],
)
def test_what_is_no_day_is_refused_with_its_cause(text, code):
    with pytest.raises(BadCell) as error:
        values.day(text)
    assert error.value.code == code


@pytest.mark.parametrize("rest", ["23:28 AM PDT and more words", "61", "x", "23:28 AM PDT,2469"])
def test_what_is_no_rest_of_a_time(rest):
    if rest == "61":  # minutes are not checked for their size, only for their shape
        assert values.is_time_rest(rest)
    else:
        assert not values.is_time_rest(rest)


@pytest.mark.parametrize(
    ("heads", "default", "expected"),
    [
        (["1/13/2025", "1/2/2025"], "dmy", ("mdy", "")),
        (["13/1/2025", "2/1/2025"], "mdy", ("dmy", "")),
        (["10/1/2025 0", "10/2/2025 1", "10/3/2025 2"], "dmy", ("mdy", "")),
        (["1/10/2025", "2/10/2025"], "mdy", ("dmy", "")),
        (["3/4/2025"], "mdy", ("mdy", "3/4/2025")),
        (["Oct 1, 2025 12"], "dmy", ("dmy", "")),
    ],
)
def test_the_order_of_day_and_month_is_judged_from_all_dates(heads, default, expected):
    assert values.day_order(heads, default) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-08", (2025, 8)),
        ("Sep-25", (2025, 9)),
        ("25-Jan", (2025, 1)),
        ("2025-08-01", (2025, 8)),
        ("2025/8", (2025, 8)),
        ("08/2025", (2025, 8)),
        ("August 2025", (2025, 8)),
        ("2025年8月", (2025, 8)),
        ("'2025-08'", (2025, 8)),
        (date(2025, 9, 17), (2025, 9)),
    ],
)
def test_months(text, expected):
    assert date.fromordinal(values.month(text)) == date(*expected, 1)


@pytest.mark.parametrize("text", ["", "2025-13", "Foo-25", "8", "2025"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(BadCell):
        values.month(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("12147.2200", "12147.22"), ("945", "945"), ("0E-6", "0"), ("-0.0008", "-0.0008"), ("100", "100")],
)
def test_decimals_as_text_have_no_needless_zeros(value, expected):
    assert values.as_text(Decimal(value)) == expected
