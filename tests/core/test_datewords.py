from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from core import datewords
from core.models import WorkdayOverride
from core.workdays import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday, 15:20 in Shanghai.
NOW = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)


def said(text, now=NOW, workdays=None):
    found = datewords.find(text, now=now, zone=SHANGHAI, workdays=workdays)
    return found and (found.day.isoformat(), found.clock and f"{found.clock:%H:%M}")


@pytest.mark.parametrize(
    ("words", "day", "clock"),
    [
        ("+24h", "2026-11-25", "15:20"),
        ("+48小时", "2026-11-26", "15:20"),
        ("24 小时内", "2026-11-25", "15:20"),
        ("within 24 hours", "2026-11-25", "15:20"),
        ("+3d", "2026-11-27", None),
        ("+3 天", "2026-11-27", None),
        ("两周后", "2026-12-08", None),
        ("in 2 weeks", "2026-12-08", None),
        ("+1个月", "2026-12-24", None),
        ("今天", "2026-11-24", None),
        ("今晚8点", "2026-11-24", "20:00"),
        ("明天18:00前", "2026-11-25", "18:00"),
        ("明天下午3点半", "2026-11-25", "15:30"),
        ("后天上午10点", "2026-11-26", "10:00"),
        ("大后天", "2026-11-27", None),
        ("tomorrow 18:00", "2026-11-25", "18:00"),
        ("tomorrow at 6pm", "2026-11-25", "18:00"),
        ("the day after tomorrow", "2026-11-26", None),
        ("周五", "2026-11-27", None),
        ("周一", "2026-11-30", None),
        ("星期二", "2026-11-24", None),
        ("周二 15:00", "2026-12-01", "15:00"),
        ("本周一", "2026-11-23", None),
        ("下周二 18:00", "2026-12-01", "18:00"),
        ("下周二18：00之前", "2026-12-01", "18:00"),
        ("下下周日", "2026-12-13", None),
        ("by Friday", "2026-11-27", None),
        ("next Tuesday", "2026-12-01", None),
        ("this Monday", "2026-11-23", None),
        ("Thu 9:30 am", "2026-11-26", "09:30"),
        ("12-05", "2026-12-05", None),
        ("12/05 18:00", "2026-12-05", "18:00"),
        ("01-08", "2027-01-08", None),
        ("2027-02-03", "2027-02-03", None),
        ("12月5日前", "2026-12-05", None),
        ("1月8号", "2027-01-08", None),
        ("30号", "2026-11-30", None),
        ("5号", "2026-12-05", None),
        ("下月5号", "2026-12-05", None),
        ("月底", "2026-11-30", None),
        ("下月底", "2026-12-31", None),
        ("年底", "2026-12-31", None),
        ("end of next month", "2026-12-31", None),
        ("Dec 5", "2026-12-05", None),
        ("5th December 18:00", "2026-12-05", "18:00"),
        ("18:00", "2026-11-24", "18:00"),
        ("9:00", "2026-11-25", "09:00"),
        ("2月29日", "2028-02-29", None),
    ],
)
def test_days_as_people_say_them(words, day, clock):
    assert said(words) == (day, clock)
    assert said(f"把 A12 主图换掉 {words}") == (day, clock)


@pytest.mark.parametrize(
    "words",
    [
        "提价 10-15%",
        "补货 10-12 个",
        "ROI 2.5",
        "SKU A12-05-7",
        "毛利 12.05",
        "31 November",
        "11月31日",
        "13-05",
        "25:00",
        "monitor sunglasses",
        "第三季度",
        "3 天的库存",
        "+5 SKU",
        "",
    ],
)
def test_what_is_no_day_is_not_taken_for_one(words):
    assert said(words) is None


@pytest.mark.django_db
def test_workdays_leave_out_weekends_holidays_and_what_the_company_says():
    friday = datetime(2026, 9, 25, 2, 0, tzinfo=UTC)

    # Mid-Autumn, then a make-up Sunday is the library's matter; here the company has the last word.
    WorkdayOverride.objects.create(
        day=date(2026, 9, 28), region="CN", is_workday=False, name_en="x", name_zh="x"
    )

    assert said("+3 工作日", now=friday) == ("2026-09-30", None)
    assert said("in 3 workdays", now=friday) == ("2026-09-30", None)
    assert said("3个工作日内", now=friday, workdays=Workdays("CN"))[0] > "2026-09-30"


def test_hours_are_an_instant_whatever_the_clocks_do():
    """The night in which Berlin's clocks go forward has 23 hours."""
    now = datetime(2027, 3, 27, 20, 0, tzinfo=UTC)

    found = datewords.find("+24h", now=now, zone=ZoneInfo("Europe/Berlin"))

    assert found.at == datetime(2027, 3, 28, 20, 0, tzinfo=UTC)
    assert found.clock == time(22, 0)


def test_the_last_day_counts_and_its_words_can_be_taken_out():
    text = "12-05 大促前补货 A12，周五 18:00 前"
    found = datewords.find(text, now=NOW, zone=SHANGHAI)

    assert (found.day, found.clock) == (date(2026, 11, 27), time(18, 0))
    assert datewords.without(text, found) == "12-05 大促前补货 A12"
    assert datewords.without("nothing", None) == "nothing"
