"""Suggested minutes: the medians of earlier meetings of the type, without the unusual ones."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import ItemRun, Meeting
from meetings.plan import ItemPlan
from meetings.queries.suggestions import Suggestion, identity, suggested, suggestions
from meetings.services.templates import next_version
from tests.factories import UserFactory, host
from tests.meetings import factories
from tests.meetings.factories import NOW
from tests.meetings.test_plan_pages import URL, form_of

db = pytest.mark.django_db


def held(*minutes: tuple[float, float], title: str = "Sales", **values) -> list[Meeting]:
    """Ended meetings in which the item took so many minutes of report and discussion."""
    meetings = []
    for report, discussion in minutes:
        meeting = factories.draft(**values)
        item = meeting.items.get(title_en=title)
        for part, length in (("report", report), ("discussion", discussion)):
            ItemRun.objects.create(
                meeting=meeting,
                item=item,
                part=part,
                elapsed_ms=int(length * 60_000),
                first_at=NOW,
                last_at=NOW,
            )
        Meeting.objects.filter(pk=meeting.pk).update(
            status=Meeting.Status.ENDED, started_at=NOW, ended_at=NOW + timedelta(hours=4)
        )
        meetings.append(meeting)
    return meetings


def of_module(title: str, kind) -> tuple:
    return identity(ItemPlan.of_module(kind.modules.get(title_en=title)))


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], None),
        ([(10, 20)], None),
        ([(10, 20), (0.1, 0.2)], None),
        ([(10, 20), (14, 30)], Suggestion(12, 25, 2)),
        ([(12, 25), (12, 26), (11, 24), (13, 25), (90, 90)], Suggestion(12, 25, 4, 1)),
        ([(0, 20), (0, 20), (0, 20), (0, 20), (0, 25), (0, 40)], Suggestion(0, 20, 5, 1)),
        ([(0, 20.4), (0, 20.4)], Suggestion(0, 20, 2)),
        ([(0.6, 20), (0.6, 20)], Suggestion(1, 20, 2)),
    ],
)
def test_suggestion_is_the_median_without_outliers(taken, expected):
    assert suggested(taken) == expected


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(0, 200)), max_size=12))
def test_suggestion_lies_between_what_was_taken(taken):
    found = suggested(taken)
    if found is None:
        return
    assert min(pair[0] for pair in taken) - 0.5 <= found.report <= max(pair[0] for pair in taken) + 0.5
    assert found.count + found.unusual <= len(taken)
    assert found.count >= 2


@db
def test_meetings_of_the_type_count_in_every_version_and_under_any_title():
    planner = host()
    kind = factories.template()
    held((10, 30), (12, 34), template=kind, host=planner)
    newer = next_version(template=kind, by=planner)
    (third,) = held((11, 32), template=newer, host=planner)
    third.items.filter(title_en="Sales").update(title_en="Sales and more", title_zh="销售等")

    found = suggestions(template_code=kind.code, by=planner)

    assert found == {of_module("Sales", newer): Suggestion(11, 32, 3)}


@db
def test_what_somebody_may_not_read_says_nothing_to_them():
    planner = host()
    (first, _second) = held((10, 30), (12, 34), host=planner)

    assert suggestions(template_code="business-review", by=UserFactory()) == {}
    first.items.update(is_confidential=True)
    assert suggestions(template_code="business-review", by=host()) == {}


@db
def test_queries_do_not_grow_with_the_meetings(django_assert_num_queries):
    planner = host()
    # What the asker heads is read once.
    assert not planner.headed_department_ids
    for _round in range(2):
        held((10, 30), (12, 34), host=planner)
        with django_assert_num_queries(2):
            suggestions(template_code="business-review", by=planner)


@db
@pytest.mark.usefixtures("english")
def test_usual_minutes_are_shown_and_taken_over_and_undone(client):
    planner = host(language="en")
    client.force_login(planner)
    held((12, 25), (12, 25), host=planner)
    held((12, 20), (14, 20), host=planner, title="Marketing")
    with time_machine.travel(NOW, tick=False):
        page = client.get(URL)
        assert "Usually 12 + 25 min, from 2 meetings" in page.text
        before = form_of(page)

        one = client.post(URL, {**before, "do": "take-1"})
        every = client.post(URL, {**before, "items-2-is_pinned": "on", "do": "take-all"})
        undone = client.post(URL, {**form_of(one), "do": "undo"})

    def minutes(response):
        return [(slot.report, slot.discussion) for slot in response.context["agenda"].slots[:3]]

    assert minutes(page) == minutes(undone) == [(15, 0), (20, 40), (15, 30)]
    assert minutes(one) == minutes(every) == [(15, 0), (12, 25), (15, 30)]
