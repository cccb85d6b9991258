"""Deadlines as people type them: what they mean, what is odd about them, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from actions.forms import DeadlineFields
from actions.models import Action
from tests.actions.pages import post
from tests.factories import lead, member

pytestmark = pytest.mark.django_db
# A Friday, 10:00 in Shanghai; China's week of holidays begins on 1 October.
FRIDAY = datetime(2026, 9, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def friday():
    with time_machine.travel(FRIDAY, tick=False):
        yield


def read(**fields):
    form = DeadlineFields({"time_zone": "Asia/Shanghai"} | fields)
    form.offer_zones("Asia/Shanghai", "Europe/Berlin")
    assert form.is_valid(), form.errors
    deadline = form.deadline()
    return f"{deadline.at.astimezone(ZoneInfo(deadline.zone)):%m-%d %H:%M}", deadline.is_all_day


@pytest.mark.parametrize(
    ("fields", "wall", "is_all_day"),
    [
        ({"due_words": "+24h"}, "09-26 10:00", False),
        ({"due_words": "下周二 18:00"}, "09-29 18:00", False),
        ({"due_words": "下周二"}, "09-29 18:00", True),
        # Only the day moves: the time stays.
        ({"due_words": "下周二", "due_time": "15:30"}, "09-29 15:30", False),
        ({"due_words": "next Tuesday 6pm", "due_time": "15:30"}, "09-29 18:00", False),
        # Words come before the day.
        ({"due_words": "2 Dec", "due_date": "2026-10-01"}, "12-02 18:00", True),
        ({"due_date": "2026-12-02", "due_time": "09:00"}, "12-02 09:00", False),
        ({"due_words": "下周二 9:00", "time_zone": "Europe/Berlin"}, "09-29 09:00", False),
    ],
)
def test_words_become_an_instant(friday, fields, wall, is_all_day):
    assert read(**fields) == (wall, is_all_day)


def test_workdays_are_china_s(friday):
    """Monday to Wednesday, the week from 1 October off, Thursday and Friday, and Saturday the 10th, worked for it."""
    assert read(due_words="+6 工作日") == ("10-10 18:00", True)
    assert read(due_words="+5 workdays") == ("10-09 18:00", True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("soon", "“soon” names no day"),
        ("下周二 或者 周五 吧", "is not understood"),
        ("31 November", "names no day"),
        ("x" * 101, "at most 100"),
    ],
)
def test_words_that_are_no_deadline_are_refused(client, friday, words, complaint):
    boss = lead("sales")
    client.force_login(boss)
    page = client.post(reverse("actions:new"), {"title": "Cut the price", "due_words": words})

    assert page.status_code == 422
    assert complaint in page.text
    assert words in page.text


def line(client, **fields):
    return client.get(reverse("actions:due_line"), {"time_zone": "Asia/Shanghai"} | fields).text


def test_line_says_what_was_understood(client, friday):
    client.force_login(member("sales"))

    said = line(client, due_words="+6 workdays")
    assert "= Sat 10 Oct, 18:00 (Shanghai, UTC+8)" in said
    assert "1 Oct is no workday" in said
    assert "Sat 10 Oct is a workday" in said
    assert 'data-due-date="2026-10-10" data-due-time=""' in said
    assert "names no day" in line(client, due_words="soon")
    assert line(client).strip() == ""
    assert "over already" in line(client, due_date="2026-09-01")
    assert "Sun 27 Sep is no workday" in line(client, due_words="+2d")


def test_line_says_what_the_change_of_clocks_did(client, friday):
    client.force_login(member("sales"))

    said = line(client, due_words="2026-10-25 2:30", time_zone="Europe/Berlin")
    assert "02:30 comes twice in Berlin" in said
    said = line(client, due_date="2027-03-28", due_time="02:30", time_zone="Europe/Berlin")
    assert "becomes 03:30" in said
    assert "Sun 28 Mar 2027, 03:30" in said
    assert client.get(reverse("actions:due_line"), {"time_zone": "No/Where"}).status_code == 200


def test_new_action_and_milestone_and_move_take_words(client):
    boss, worker = lead("sales"), member("sales")
    client.force_login(boss)
    fields = {
        "title": "Lower the ACoS of B0C1234567 to 25 %",
        "owner": worker.pk,
        "criteria": "ACoS ≤ 25 % in week 12",
        "due_words": "+30 days 9:00",
        "time_zone": "Asia/Shanghai",
    }
    assert client.post(reverse("actions:new"), fields).status_code == 302
    action = Action.objects.get()
    local = action.due_at.astimezone(action.zone)
    assert (local.date(), f"{local:%H:%M}") == (
        timezone.now().astimezone(action.zone).date() + timedelta(days=30),
        "09:00",
    )

    words = {"due_words": "+20 days", "time_zone": "Asia/Shanghai"}
    assert post(client, action, "milestone", title="Half", **words).status_code == 302
    assert post(client, action, "milestone", title="Half").status_code == 422
    # The page proposes the time that it has; with the day alone it stays.
    page = client.get(action.get_absolute_url())
    assert page.context["forms"]["deadline"]["due_time"].value().strftime("%H:%M") == "09:00"
    moved = {"due_words": "+40 days", "due_time": "09:00", "reason": "Samples are late"}
    assert post(client, action, "deadline", **moved, time_zone="Asia/Shanghai").status_code == 302
    action.refresh_from_db()
    assert f"{action.due_at.astimezone(action.zone):%H:%M}" == "09:00"
    assert action.slips == 1
