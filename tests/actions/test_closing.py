"""What drafts say to a meeting that is about to end."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import closing
from meetings.models import AgendaItem, Meeting
from meetings.queries import closing as gate
from tests.actions.factories import draft, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def room() -> Meeting:
    return meeting(status=Meeting.Status.IN_PROGRESS)


def soon() -> datetime:
    return timezone.now() + timedelta(days=3)


def test_each_incomplete_draft_is_a_point_with_the_way_to_it(room):
    draft(meeting=room, due_at=soon())
    gap = draft(meeting=room, owner=None, criteria=[], due_at=soon())

    (point,) = closing.incomplete(room)

    assert (point.code, point.url) == ("action", reverse("actions:edit", args=[gap.pk]))
    assert point.words == f"The action “{gap.title}” is incomplete: 2 things are missing"


def test_the_gate_asks_for_it(room):
    draft(meeting=room, owner=None, due_at=soon())

    assert [point.code for point in gate.points(room) if point.code == "action"] == ["action"]


def test_words_of_a_confidential_item_stay_inside(room):
    item = AgendaItem.objects.create(
        meeting=room, order=1, title_en="Salaries", title_zh="薪酬", is_confidential=True
    )
    draft(meeting=room, agenda_item=item, title="Cut the salary of Anna by 25 %", owner=None, due_at=soon())

    (point,) = closing.incomplete(room)

    assert "Anna" not in point.words
    assert "Anna" not in str(point.stored())


def test_more_drafts_need_no_more_queries(room):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(closing.incomplete(room))
        return len(captured)

    draft(meeting=room, owner=None)
    one = count()
    draft(meeting=room, owner=None)
    draft(meeting=room, owner=None)
    assert count() == one
