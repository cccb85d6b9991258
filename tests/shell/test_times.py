from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation

from core.templatetags.times import duration_words, moment_words, relative_words, zone_words

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MEETING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def render(source: str, **context) -> str:
    return Template("{% load times %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("en", "Asia/Shanghai", "Tue 24 Nov, 14:00 (Shanghai, UTC+8)"),
        ("zh-hans", "Asia/Shanghai", "11月24日 周二 14:00（上海，UTC+8）"),
        ("en", "America/New_York", "Tue 24 Nov, 01:00 (New York, UTC−5)"),
        ("en", "Asia/Kolkata", "Tue 24 Nov, 11:30 (Kolkata, UTC+5:30)"),
        ("en", "America/Argentina/Buenos_Aires", "Tue 24 Nov, 03:00 (Buenos Aires, UTC−3)"),
        ("en", "UTC", "Tue 24 Nov, 06:00 (UTC+0)"),
    ],
)
def test_instant_names_city_and_offset(language, zone, expected):
    with translation.override(language):
        assert moment_words(MEETING, zone, now=NOW) == expected


def test_instant_takes_the_offset_of_its_own_day():
    winter, summer = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 7, 5, 12, tzinfo=UTC)

    assert zone_words(winter.astimezone(timezone.zoneinfo.ZoneInfo("Europe/London"))).endswith("UTC+0")
    assert zone_words(summer.astimezone(timezone.zoneinfo.ZoneInfo("Europe/London"))).endswith("UTC+1")


def test_another_year_is_named_by_the_calendar_of_the_place():
    new_year_in_shanghai = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)

    with translation.override("en"):
        assert moment_words(new_year_in_shanghai, "Asia/Shanghai", now=NOW).startswith(
            "Fri 1 Jan 2027, 01:00"
        )
        assert moment_words(new_year_in_shanghai, "Europe/London", now=NOW).startswith("Thu 31 Dec, 17:00")
    with translation.override("zh-hans"):
        assert moment_words(new_year_in_shanghai, "Asia/Shanghai", now=NOW).startswith(
            "2027年1月1日 周五 01:00"
        )


@pytest.mark.parametrize(
    ("delta", "english", "chinese"),
    [
        (timedelta(seconds=59), "now", "此刻"),
        (timedelta(seconds=-59), "just now", "刚刚"),
        (timedelta(minutes=1), "in 1 min", "1 分钟后"),
        (timedelta(minutes=59, seconds=59), "in 59 min", "59 分钟后"),
        (timedelta(hours=6, minutes=5), "in 6 h", "6 小时后"),
        (timedelta(hours=47), "in 47 h", "47 小时后"),
        (timedelta(days=2), "in 2 days", "2 天后"),
        (timedelta(days=14), "in 2 weeks", "2 周后"),
        (timedelta(days=60), "in 2 months", "2 个月后"),
        (-timedelta(minutes=90), "1 h ago", "1 小时前"),
        (-timedelta(days=3), "3 days ago", "3 天前"),
    ],
)
def test_distance_in_one_unit(delta, english, chinese):
    with translation.override("en"):
        assert relative_words(NOW + delta, NOW) == english
    with translation.override("zh-hans"):
        assert relative_words(NOW + delta, NOW) == chinese


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (0, "0 min"),
        (135, "2 h 15 min"),
        (240, "4 h"),
        (timedelta(days=3, hours=4, minutes=10), "3 d 4 h"),
        (-55, "−55 min"),
    ],
)
def test_length_in_at_most_two_units(length, expected):
    with translation.override("en"):
        assert duration_words(length).replace("\N{NO-BREAK SPACE}", " ") == expected


@time_machine.travel(NOW, tick=False)
def test_when_shows_instant_for_machines_and_people():
    reader = SimpleNamespace(time_zone="Asia/Shanghai")

    with translation.override("en"):
        html = render("{% when moment reader %}", moment=MEETING, reader=reader)

    assert 'datetime="2026-11-24T06:00:00+00:00"' in html
    assert "Tue 24 Nov, 14:00 (Shanghai, UTC+8)" in html
    assert "in 2 days" in html


@time_machine.travel(NOW, tick=False)
def test_when_uses_the_readers_zone_without_being_told():
    with timezone.override("America/New_York"), translation.override("en"):
        assert "01:00 (New York, UTC−5)" in render("{% when moment %}", moment=MEETING)


@time_machine.travel(NOW, tick=False)
def test_deadline_is_late_only_when_it_is_late():
    past = NOW - timedelta(days=2)

    with translation.override("en"):
        assert 'data-flag="late"' in render("{% due moment %}", moment=past)
        assert "late 2" in render("{% due moment %}", moment=past)
        assert "late" not in render("{% due moment done=True %}", moment=past)
        assert "late" not in render("{% due moment %}", moment=NOW + timedelta(seconds=1))


def test_nothing_known_is_a_dash():
    assert (
        render("{% when moment %}{% due moment %}{{ moment|relative }}{{ moment|duration }}", moment=None)
        == "————"
    )


@time_machine.travel(NOW, tick=False)
def test_date_in_both_languages():
    with translation.override("en"):
        assert render("{{ day|day }}", day=date(2026, 2, 3)) == "Tue 3 Feb"
    with translation.override("zh-hans"):
        assert render("{{ day|day }}", day=date(2025, 2, 3)) == "2025年2月3日 周一"
