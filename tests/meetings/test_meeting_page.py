"""The one prominent button of a meeting's page, and what it says after the end."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from meetings.models import ClockRule, Obligation
from meetings.services import prereads
from tests import factories
from tests.meetings import room_factories as room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def prominent(client, meeting, at):
    """The words of the prominent buttons in the head of the page."""
    with time_machine.travel(at, tick=False):
        client.force_login(meeting.host)
        html = client.get(meeting.get_absolute_url()).text
    head = html[: html.index("topline")]
    return [
        re.sub(r"<[^>]+>", "", words)
        for words in re.findall(r'class="btn btn-primary"[^>]*>(.*?)</(?:a|button)>', head)
    ]


@pytest.mark.parametrize("minutes_before", [9 * 24 * 60, 31])
def test_before_it_is_time_the_host_is_led_to_what_is_missing(client, minutes_before):
    meeting = room.meeting()
    prereads.open_for(meeting=meeting, now=room.NOW)

    assert prominent(client, meeting, room.at(-minutes_before)) == ["Remind all who are missing"]


@pytest.mark.parametrize("minutes_before", [30, 0, -20])
def test_shortly_before_the_start_the_host_is_led_to_starting(client, minutes_before):
    meeting = room.meeting()

    assert prominent(client, meeting, room.at(-minutes_before)) == ["Start the meeting"]


def test_starting_days_ahead_asks_back(client):
    meeting = room.meeting()
    client.force_login(meeting.host)
    live = reverse("meetings:live", args=[meeting.pk])

    with time_machine.travel(room.at(-9 * 24 * 60), tick=False):
        early = client.get(live).text
    with time_machine.travel(room.at(-10), tick=False):
        soon = client.get(live).text

    assert 'data-confirm="It is planned to begin in 9 days' in early
    assert "It is planned to begin" not in soon


@pytest.mark.parametrize(("minutes", "tone"), [(60, "yellow"), (60 * 30, "red")])
def test_what_follows_colours_the_top_line_when_it_is_late(client, minutes, tone):
    meeting = room.meeting(status="ended")
    Obligation.objects.create(
        meeting=meeting,
        kind=ClockRule.Kind.ACTION_PLAN,
        owner=meeting.host,
        anchor_at=meeting.ended_at,
        due_at=meeting.ended_at + dt.timedelta(hours=24),
    )

    assert prominent(client, meeting, meeting.ended_at + dt.timedelta(minutes=minutes)) == []
    with time_machine.travel(meeting.ended_at + dt.timedelta(minutes=minutes), tick=False):
        assert f"topline-{tone}" in client.get(meeting.get_absolute_url()).text


def test_a_kpi_table_names_what_no_report_fills(client):
    meeting = room.meeting()
    meeting.items.filter(department__code="sales").update(metric_codes=["orders", "acos", "own_metric"])
    preread = prereads.open_for(meeting=meeting, now=room.NOW)[0]
    client.force_login(factories.lead("sales"))

    html = client.get(reverse("meetings:preread", args=[meeting.pk, preread.department.code])).text

    def row(code):
        return html[html.index(f'data-metric="{code}"') :].split("</tr>")[0]

    assert "ACoS" in row("acos")
    assert ["no report fills it yet" in row(code) for code in ("acos", "own_metric", "orders")] == [
        True,
        True,
        False,
    ]
