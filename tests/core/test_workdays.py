import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from core import workdays
from core.models import WorkdayOverride

pytestmark = pytest.mark.django_db

MADE_UP_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def entry(**values) -> WorkdayOverride:
    return WorkdayOverride.objects.create(
        **{
            "region": "CN",
            "day": date(2027, 1, 2),
            "is_workday": True,
            "name_zh": "元旦调休上班",
            "name_en": "make-up day",
        }
        | values
    )


@pytest.mark.parametrize("text", MADE_UP_2026)
def test_chinas_make_up_days_of_2026_are_worked(text):
    assert day(text).weekday() >= 5
    assert workdays.is_workday(day(text), "CN")
    with override("zh-hans"):
        assert "调休" in workdays.why(day(text), "CN")
    with override("en"):
        assert workdays.why(day(text), "CN").startswith("make-up workday for")


def test_no_other_weekend_of_2026_is_worked():
    weekends = [date.fromordinal(n) for n in range(day("01-01").toordinal(), day("12-31").toordinal() + 1)]
    worked = [f"{one:%m-%d}" for one in weekends if one.weekday() >= 5 and workdays.is_workday(one, "CN")]
    assert worked == MADE_UP_2026


def test_a_holiday_has_its_name_in_both_languages():
    assert not workdays.is_workday(day("10-01"), "CN")
    with override("zh-hans"):
        assert workdays.why(day("10-01"), "CN") == "国庆节"
    with override("en"):
        assert workdays.why(day("10-01"), "CN") == "National Day"
        assert workdays.why(day("02-20"), "CN") == "day off, worked on 14 Feb"
        assert workdays.why(day("03-03"), "CN") == ""


def test_neighbouring_workdays_pass_over_holidays_and_stop_at_make_up_days():
    assert workdays.next_workday(day("09-30"), "CN") == day("10-08")
    assert workdays.previous_workday(day("10-08"), "CN") == day("09-30")
    assert workdays.next_workday(day("02-13"), "CN") == day("02-14")
    assert workdays.add_workdays(day("09-30"), 3, "CN") == day("10-10")
    assert workdays.add_workdays(day("10-10"), -3, "CN") == day("09-30")
    assert workdays.add_workdays(day("10-03"), 0, "CN") == day("10-03")


def test_other_regions_have_their_own_holidays_and_none_counts_weekends_alone():
    assert not workdays.is_workday(date(2026, 12, 25), "DE")
    assert workdays.is_workday(date(2026, 12, 25), "CN")
    assert workdays.is_workday(date(2026, 12, 25), "")
    assert not workdays.is_workday(date(2026, 12, 26), "")
    assert workdays.why(date(2026, 12, 26), "") == ""


def test_an_unknown_region_is_refused():
    with pytest.raises(ValueError, match="XX"):
        workdays.is_workday(day("01-01"), "XX")


# --- years without a list ---------------------------------------------------------------------------
def test_2027_is_not_official_and_pages_say_so():
    assert workdays.is_official(2026, "CN")
    assert not workdays.is_official(2027, "CN")
    assert workdays.is_official(2027, "US")
    china = workdays.Workdays("CN")
    assert china.caveat([date(2026, 12, 30)]) == ""
    assert "2027" in china.caveat([date(2026, 12, 30), date(2027, 1, 3)])
    assert workdays.Workdays("DE").caveat([date(2027, 1, 3)]) == ""


def test_the_companys_word_comes_first_and_makes_a_year_official():
    saturday = date(2027, 1, 2)
    assert not workdays.is_workday(saturday, "CN")
    entry(day=saturday)
    assert workdays.is_workday(saturday, "CN")
    assert workdays.is_official(2027, "CN")
    with override("zh-hans"):
        assert workdays.why(saturday, "CN") == "元旦调休上班"
    # It holds for its region alone, and says no as well.
    assert not workdays.is_workday(saturday, "US")
    entry(day=date(2026, 12, 31), is_workday=False)
    assert not workdays.is_workday(date(2026, 12, 31), "CN")


def test_the_overrides_are_read_once(django_assert_num_queries):
    china = workdays.Workdays("CN")
    with django_assert_num_queries(1):
        [china.is_workday(date(2026, 1, number)) for number in range(1, 30)]
        china.is_official(2027)


# --- the command ------------------------------------------------------------------------------------
def run(tmp_path, data, *options) -> str:
    path = tmp_path / "days.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    out = io.StringIO()
    with override("en"):
        call_command("workdays", str(path), *options, stdout=out)
    return out.getvalue()


DAYS = [
    {
        "day": "2027-01-03",
        "is_workday": True,
        "name_zh": "元旦调休上班",
        "name_en": "make-up",
        "region": "CN",
    },
    {"day": "2027-02-11", "is_workday": False},
]


def test_the_command_takes_days_over_once(tmp_path):
    assert "2 new, 0 changed" in run(tmp_path, DAYS)
    assert "0 new, 0 changed" in run(tmp_path, DAYS)
    assert workdays.is_workday(date(2027, 1, 3), "CN")
    assert WorkdayOverride.objects.get(day=date(2027, 2, 11)).name_zh == "放假"


def test_the_command_changes_a_day_that_is_there(tmp_path):
    run(tmp_path, DAYS)
    assert "0 new, 1 changed" in run(tmp_path, [DAYS[0] | {"is_workday": False}])
    assert not workdays.is_workday(date(2027, 1, 3), "CN")


def test_a_dry_run_stores_nothing(tmp_path):
    assert "2 new" in run(tmp_path, DAYS, "--dry-run")
    assert not WorkdayOverride.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "no JSON"),
        ("{}", "list"),
        (["2027-01-03"], "Entry 1"),
        ([{"day": "3 Jan", "is_workday": True}], "3 Jan"),
        ([{"day": 20270103, "is_workday": True}], "20270103"),
        ([{"day": "2027-01-03", "is_workday": "yes"}], "true or false"),
        ([{"day": "2027-01-03", "is_workday": True, "region": "XX"}], "XX"),
        ([{"day": "2027-01-03", "is_workday": True, "weekday": 1}], "weekday"),
        ([DAYS[0], DAYS[0]], "twice"),
        ([DAYS[0], {"day": ""}], "Entry 2"),
        ([{"day": "2027-01-03", "is_workday": True, "name_en": "x" * 121}], "120"),
    ],
)
def test_a_file_that_is_wrong_is_refused_whole(tmp_path, data, words):
    with override("en"), pytest.raises(CommandError, match=words):
        run(tmp_path, data)
    assert not WorkdayOverride.objects.exists()
