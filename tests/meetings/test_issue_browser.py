"""The issue pool in two browsers: sent with one key, seen by everybody, and nobody's words are lost."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Issue
from meetings.services import issues, room
from tests import factories
from tests.meetings import room_factories as make
from tests.meetings import settling_factories as figures
from tests.meetings.test_room_browser import visit  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 15_000


@pytest.fixture
def meeting():
    """In its room, with 80 orders after 100 in the frozen pre-read of sales."""
    figures.october(80, september=100)
    made = figures.review(starts_at=timezone.now())
    make.invite(made, factories.executive(name="老板"), "executive")
    figures.submit(made, causes=["orders"])
    room.start(meeting=made, by=made.host, now=timezone.now(), reason="Shown in a test")
    made.refresh_from_db()
    return made


def test_one_key_sends_a_figure_to_the_pool_of_every_screen(visit, meeting):  # noqa: F811
    boss = visit(meeting.participants.get(role="executive").user)
    boss.goto(f"/meetings/{meeting.pk}/live/?view=issues")
    expect(boss.locator("#room-issues")).to_contain_text("0")
    host = visit(meeting.host)
    host.goto(f"/meetings/{meeting.pk}/live/?view=screen")
    expect(host.locator("tr[data-metric=orders]")).to_be_visible()

    host.keyboard.press("j")
    expect(host.locator("[data-room-row]:focus")).to_have_count(1)
    host.keyboard.press("i")

    expect(host.locator(".toast-words").first).to_contain_text("In the issue pool", timeout=SOON)
    issue = boss.locator("#room-issues [data-issue]")
    expect(issue).to_contain_text("Orders 80", timeout=SOON)
    expect(issue.locator("[data-evidence=figure] a").first).to_have_attribute(
        "href", re.compile("revisions/1/")
    )


def test_what_is_typed_about_an_issue_outlives_the_votes_of_others(visit, meeting):  # noqa: F811
    issue, _is_new = issues.raise_issue(
        meeting=meeting, text="Returns double", by=meeting.host, now=timezone.now()
    )
    other, _is_new = issues.raise_issue(meeting=meeting, text="Other", by=meeting.host, now=timezone.now())
    issues.work_on(issue=issue, by=meeting.host, now=timezone.now())
    page = visit(meeting.host)
    page.goto(f"/meetings/{meeting.pk}/live/?view=issues")
    why = page.get_by_label("Why? (1)")

    why.fill("Boxes break on")
    issues.vote(issue=other, by=factories.UserFactory(), now=timezone.now())
    why.press("End")
    page.keyboard.type(" the way")
    expect(page.locator(".issue-work [data-block-state]")).to_have_text("Saved", timeout=SOON)
    why.blur()

    expect(page.locator(f"[data-issue='{other.pk}'] [data-votes]")).to_have_text("1", timeout=SOON)
    expect(page.get_by_label("Why? (1)")).to_have_value("Boxes break on the way")
    assert Issue.objects.get(pk=issue.pk).whys == ["Boxes break on the way"]


def test_blame_is_refused_while_it_is_typed_and_kept_in_the_field(visit, meeting):  # noqa: F811
    issue, _is_new = issues.raise_issue(
        meeting=meeting, text="Returns double", by=meeting.host, now=timezone.now()
    )
    issues.work_on(issue=issue, by=meeting.host, now=timezone.now())
    page = visit(meeting.host)
    page.goto(f"/meetings/{meeting.pk}/live/?view=issues")
    cause = page.get_by_label("Root cause")
    state = page.locator(".issue-work [data-block-state]")

    cause.fill("human error")
    expect(state).to_contain_text("asks who failed", timeout=SOON)
    assert Issue.objects.get(pk=issue.pk).root_cause == ""

    cause.fill("No step checks the cartons")
    expect(state).to_have_text("Saved", timeout=SOON)
    assert Issue.objects.get(pk=issue.pk).root_cause == "No step checks the cartons"
