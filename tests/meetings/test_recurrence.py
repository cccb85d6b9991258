from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from core.workdays import Workdays
from meetings.recurrence import KEPT, MOVED, SKIPPED, BadRuleError, Rhythm, Rule, describe, instant

LAST_WORKDAY_OF_QUARTER = "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")

pytestmark = pytest.mark.django_db


def dates(text: str, first: str, count: int) -> list[str]:
    rule = Rule.parse(text)
    return [str(one) for one in islice(rule.dates(rule.anchor(date.fromisoformat(first))), count)]


def rhythm(text: str, start: str, **values) -> Rhythm:
    rule = Rule.parse(text)
    return Rhythm(
        **{
            "rule": rule,
            "start": rule.anchor(date.fromisoformat(start)),
            "clock": time(10),
            "zone": SHANGHAI,
            **values,
        }
    )


def held(one: Rhythm, count: int, region: str = "CN") -> list[tuple[str, str, str]]:
    found = islice(one.occurrences(Workdays(region)), count)
    return [
        (str(each.day), each.outcome, f"{each.starts_at.astimezone(one.zone):%m-%d %H:%M}") for each in found
    ]


# --- rules --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "2026-12-02", ["2026-12-08", "2026-12-15", "2026-12-22"]),
        # Counted from the first Tuesday, not from the week in which somebody began.
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-02", ["2026-12-08", "2026-12-22", "2027-01-05"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-28", ["2026-12-25", "2027-01-29", "2027-02-26"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-01", ["2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        (LAST_WORKDAY_OF_QUARTER, "2026-11-01", ["2026-12-31", "2027-03-31", "2027-06-30"]),
        (
            "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=-1FR",
            "2026-11-01",
            ["2026-12-25", "2027-03-26", "2027-06-25"],
        ),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-11-01", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2097-01-01", ["2104-02-29", "2108-02-29", "2112-02-29"]),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=-1FR", "2026-11-01", ["2026-12-25", "2027-12-31", "2028-12-29"]),
    ],
)
def test_a_rule_gives_its_dates(text, first, expected):
    assert dates(text, first, 3) == expected
    assert str(Rule.parse(text)) == text


def test_months_of_a_year_are_months():
    assert (
        str(Rule.parse("FREQ=YEARLY;BYMONTH=3,6;BYMONTHDAY=-1")) == "FREQ=MONTHLY;BYMONTH=3,6;BYMONTHDAY=-1"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no rule"),
        ("tuesdays", "no rule"),
        ("FREQ=WEEKLY;BYDAY=XX", "no rule"),
        ("FREQ=WEEKLY;INTERVAL=two;BYDAY=TU", "no rule"),
        ("BYDAY=TU", "no rule"),
        ("FREQ=DAILY", "weeks, months or years"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "COUNT"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270101", "UNTIL"),
        ("FREQ=WEEKLY", "on which day"),
        ("FREQ=WEEKLY;BYDAY=1TU", "on which day"),
        ("FREQ=MONTHLY", "on which day"),
        ("FREQ=MONTHLY;BYDAY=FR", "on which day"),
        ("FREQ=MONTHLY;BYDAY=-1FR;BYMONTHDAY=13", "on which day"),
        ("FREQ=YEARLY;BYMONTHDAY=1", "on which day"),
        ("FREQ=WEEKLY;INTERVAL=0;BYDAY=TU", "1 to 24"),
        ("FREQ=WEEKLY;INTERVAL=99;BYDAY=TU", "1 to 24"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
        ("FREQ=MONTHLY;BYDAY=6FR", "fifth"),
        ("FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=1", "months 1 to 12"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "31 February never comes"),
        ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31", "30|never comes"),
    ],
)
def test_a_rule_that_is_none_is_refused_in_words(text, words):
    with override("en"), pytest.raises(BadRuleError, match=words):
        Rule.parse(text)


def test_a_rule_without_a_date_is_refused():
    rule = Rule.parse("FREQ=WEEKLY;BYDAY=TU")
    with override("en"):
        with pytest.raises(BadRuleError, match="before it begins"):
            rule.anchor(date(2026, 12, 2), date(2026, 12, 1))
        with pytest.raises(BadRuleError, match="no date until the last day"):
            rule.anchor(date(2026, 12, 2), date(2026, 12, 7))
        with pytest.raises(BadRuleError, match="no date"):
            Rule.parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29").anchor(date(2026, 12, 2), date(2028, 2, 28))
    assert rule.anchor(date(2026, 12, 2), date(2026, 12, 8)) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday", "每周的星期二"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every second Tuesday", "每两周的星期二"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TH", "Monday, Thursday, every 3 weeks", "每 3 周的星期一、星期四"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "the last Friday of each month", "每月最后一个星期五"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "day 15 of each month", "每月15日"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "day 31 of each month (months without that day are left out)",
            "每月31日（没有该日的月份不开）",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "the last day of each month", "每月最后一天"),
        (
            LAST_WORKDAY_OF_QUARTER,
            "the last weekday (Monday to Friday) of each quarter",
            "每季度末月最后一个周一至周五的日子",
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "every year on 29 February (leap years only)",
            "每年2月29日（仅闰年）",
        ),
        (
            "FREQ=YEARLY;BYMONTH=12;BYDAY=-1FR",
            "every year on the last Friday of December",
            "每年12月最后一个星期五",
        ),
    ],
)
def test_a_rule_is_said_in_words(text, english, chinese):
    with override("en"):
        assert describe(Rule.parse(text)) == english
    with override("zh-hans"):
        assert describe(Rule.parse(text)) == chinese


# --- holidays -----------------------------------------------------------------------------------------
def test_holidays_are_kept_left_out_or_moved():
    # Tuesday 6 October 2026 lies in China's National Day week.
    def second(policy):
        return held(rhythm("FREQ=WEEKLY;BYDAY=TU", "2026-09-29", on_holiday=policy), 3)[1]

    assert second("keep") == ("2026-10-06", KEPT, "10-06 10:00")
    assert second("skip")[:2] == ("2026-10-06", SKIPPED)
    assert second("next") == ("2026-10-06", MOVED, "10-08 10:00")
    assert second("previous") == ("2026-10-06", MOVED, "09-30 10:00")


def test_moving_back_goes_to_the_workday_before():
    found = held(rhythm("FREQ=WEEKLY;BYDAY=SU", "2026-10-04", on_holiday="previous"), 2)
    assert found == [("2026-10-04", MOVED, "09-30 10:00"), ("2026-10-11", MOVED, "10-10 10:00")]


def test_a_make_up_saturday_is_a_workday_of_its_own():
    found = held(rhythm("FREQ=WEEKLY;BYDAY=SA", "2026-02-14", on_holiday="skip"), 3)
    assert found == [
        ("2026-02-14", KEPT, "02-14 10:00"),
        ("2026-02-21", SKIPPED, "02-21 10:00"),
        ("2026-02-28", KEPT, "02-28 10:00"),
    ]
    assert held(rhythm("FREQ=MONTHLY;BYMONTHDAY=13", "2026-02-13", on_holiday="next"), 1) == [
        ("2026-02-13", KEPT, "02-13 10:00")
    ]
    # Friday 20 February is off, the next workday is Tuesday the 24th: Monday is a day off, too.
    assert held(rhythm("FREQ=WEEKLY;BYDAY=FR", "2026-02-20", on_holiday="next"), 1) == [
        ("2026-02-20", MOVED, "02-24 10:00")
    ]


def test_a_date_that_would_be_moved_onto_its_neighbour_is_left_out():
    # Both Thursday 1 and Tuesday 6 October would go to Thursday the 8th, which is a date itself.
    found = held(rhythm("FREQ=WEEKLY;BYDAY=TU,TH", "2026-09-29", on_holiday="next"), 5)
    assert [(day, outcome) for day, outcome, _at in found] == [
        ("2026-09-29", KEPT),
        ("2026-10-01", SKIPPED),
        ("2026-10-06", SKIPPED),
        ("2026-10-08", KEPT),
        ("2026-10-13", KEPT),
    ]


def test_the_last_day_of_a_quarter_moves_to_its_last_workday():
    one = rhythm("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "2027-01-01", on_holiday="previous")
    assert [at for _day, _outcome, at in held(one, 4)] == [
        "03-31 10:00",
        "06-30 10:00",
        "09-30 10:00",
        "12-31 10:00",
    ]
    later = rhythm("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "2029-01-01", on_holiday="previous")
    assert held(later, 2)[1] == ("2029-06-30", MOVED, "06-29 10:00")


# --- clocks -------------------------------------------------------------------------------------------
def test_ten_oclock_stays_ten_oclock_over_a_change_of_clocks():
    one = rhythm("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-10-13", zone=BERLIN)
    found = list(islice(one.occurrences(Workdays("")), 3))
    assert [f"{each.starts_at.astimezone(BERLIN):%H:%M}" for each in found] == ["10:00"] * 3
    assert [f"{each.starts_at.astimezone(UTC):%H:%M}" for each in found] == ["08:00", "09:00", "09:00"]


def test_an_hour_that_is_left_out_begins_later_and_one_that_comes_twice_is_the_first():
    gap = instant(date(2027, 3, 28), time(2, 30), BERLIN)
    assert f"{gap:%H:%M}" == "03:30"
    assert gap.astimezone(UTC) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    twice = instant(date(2026, 10, 25), time(2, 30), BERLIN)
    assert twice.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with override("en"):
        one = rhythm("FREQ=WEEKLY;BYDAY=SU", "2027-03-28", zone=BERLIN, clock=time(2, 30))
        assert "begins at 03:30" in next(one.occurrences(Workdays(""))).note
        one = rhythm("FREQ=WEEKLY;BYDAY=SU", "2026-10-25", zone=BERLIN, clock=time(2, 30))
        assert "the first one is meant" in next(one.occurrences(Workdays(""))).note


ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "America/Sao_Paulo"]


def _random_rule(random: Random) -> str:
    weekday = random.choice(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
    interval = f";INTERVAL={random.randint(2, 5)}" if random.random() < 0.5 else ""
    return random.choice(
        [
            f"FREQ=WEEKLY{interval};BYDAY={weekday}",
            f"FREQ=WEEKLY{interval};BYDAY=MO,WE,FR",
            f"FREQ=MONTHLY{interval};BYDAY={random.choice([1, 2, 3, 4, 5, -1])}{weekday}",
            f"FREQ=MONTHLY{interval};BYMONTHDAY={random.choice([1, 15, 28, 29, 30, 31, -1])}",
            LAST_WORKDAY_OF_QUARTER,
            f"FREQ=YEARLY;BYMONTH={random.randint(1, 12)};BYMONTHDAY={random.randint(1, 28)}",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        ]
    )


@pytest.mark.parametrize("seed", range(60))
def test_occurrences_are_in_order_and_keep_the_time_on_the_wall(seed):
    random = Random(seed)
    zone = ZoneInfo(random.choice(ZONES))
    clock = time(random.choice([0, 1, 2, 3, 10, 23]), random.choice([0, 15, 30]))
    first = date(2024, 1, 1) + timedelta(days=random.randint(0, 900))
    rule = Rule.parse(_random_rule(random))
    policy = random.choice(["keep", "skip", "next", "previous"])
    one = Rhythm(rule=rule, start=rule.anchor(first), clock=clock, zone=zone, on_holiday=policy)

    found = list(islice(one.occurrences(Workdays(random.choice(["CN", "US", ""]))), 40))

    assert all(before.occurs_at < after.occurs_at for before, after in pairwise(found))
    starts = [each.starts_at.astimezone(UTC) for each in found if each.outcome != SKIPPED]
    assert starts == sorted(set(starts))
    for each in found:
        wall = each.starts_at.astimezone(zone)
        if wall.time() != clock:
            # Only where the clocks jump over it, and then it is later by the jump.
            assert wall.time() > clock
            assert each.note
        # Its place is one of the rule's own days, whatever became of it.
        assert rule.has(each.day, one.start)
