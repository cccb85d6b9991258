"""What is still open before a meeting may end: each point in words, with the way to the place where it is settled.

The points are the same for everybody, because the minutes print them when an executive ends the meeting all the same:
what belongs to a confidential item is named without its words.
"""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings import closing_sources
from meetings.closing_sources import Point
from meetings.models import (
    AgendaItem,
    Decision,
    DecisionRequest,
    Meeting,
    ParkedItem,
    RoomItem,
)
from meetings.queries import confidential, differences, requests
from meetings.queries.cost import company_day

# States of an item that was not finished here and has to go on somewhere.
PUT_OFF = (RoomItem.State.DEFERRED, RoomItem.State.PARKED)


def points(meeting: Meeting) -> list[Point]:
    """The open points of a meeting that is being held, decisions first. A constant number of queries."""
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=None)
    return [
        *_requests(meeting, hidden),
        *_deferred(meeting),
        *_put_off(meeting, hidden),
        *closing_sources.found(meeting),
        *_attendance(meeting),
        *_disputes(meeting),
    ]


# --- decisions ------------------------------------------------------------------------------------------------
def _requests(meeting: Meeting, hidden: set[int]) -> Iterable[Point]:
    """Decisions that departments asked for in what they handed in last, and that nobody has taken yet."""
    asked = requests.handed_in(meeting)
    if not asked:
        return
    presented: dict[int | None, int] = {}
    for item, department in meeting.items.in_order().values_list("pk", "department"):
        presented.setdefault(department, item)
    waiting = DecisionRequest.objects.present().filter(pk__in=asked, decision=None)
    for request in waiting.select_related("preread__department").order_by("preread", "position", "pk"):
        said = asked[request.pk]
        place = said["item_id"] or presented.get(request.preread.department_id)
        yield _request(meeting, request, said["question"], place, is_hidden=said["item_id"] in hidden)


def _request(
    meeting: Meeting, request: DecisionRequest, question: str, item: int | None, *, is_hidden: bool
) -> Point:
    def say() -> str:
        if is_hidden:
            return _("A decision asked for in a confidential item is not taken")
        return _("%(department)s asks for a decision: %(question)s") % {
            "department": request.preread.department.name,
            "question": question,
        }

    query = f"?view=record&item={item}" if item else "?view=record"
    return _point(
        "request",
        request.pk,
        say,
        reverse("meetings:live", args=[meeting.pk]) + f"{query}#asked-{request.pk}",
        lambda: _("Take the decision"),
    )


def _deferred(meeting: Meeting) -> Iterable[Point]:
    """Decisions put off to a day that is over before they could come back."""
    today = company_day(meeting.started_at or meeting.starts_at)
    rows = Decision.objects.filter(
        meeting=meeting,
        outcome=Decision.Outcome.DEFERRED,
        deferred_until__lte=today,
        superseded_by=None,
    ).in_order()
    for row in rows:
        yield _deferred_decision(meeting, row)


def _deferred_decision(meeting: Meeting, row: Decision) -> Point:
    return _point(
        "deferred",
        row.pk,
        lambda: _("Decision %(code)s is deferred, but not to a later day") % {"code": row.code},
        reverse("meetings:change_decision", args=[meeting.pk, row.pk]),
        lambda: _("Give it a day"),
    )


def _put_off(meeting: Meeting, hidden: set[int]) -> Iterable[Point]:
    """Items put off in the room that no later meeting takes up: there is no series, and no day was named."""
    if meeting.series_id is not None:
        return
    dated = ParkedItem.objects.filter(meeting=meeting, review_on__isnull=False).values("item")
    rows = RoomItem.objects.filter(meeting=meeting, state__in=PUT_OFF).exclude(item__in=dated)
    for row in rows.select_related("item").order_by("position", "pk"):
        yield _put_off_item(meeting, row.item, is_hidden=row.item_id in hidden)


def _put_off_item(meeting: Meeting, item: AgendaItem, *, is_hidden: bool) -> Point:
    def say() -> str:
        title = _(confidential.TITLE) if is_hidden else item.title
        return _("“%(item)s” was put off, and no day is named for it") % {"item": title}

    return _point(
        "put_off",
        item.pk,
        say,
        reverse("meetings:close", args=[meeting.pk]) + f"#put-off-{item.pk}",
        lambda: _("Name a day"),
    )


# --- people and figures ---------------------------------------------------------------------------------------
def _attendance(meeting: Meeting) -> Iterable[Point]:
    if meeting.attendance_taken_at is None:
        yield _point(
            "attendance",
            meeting.pk,
            lambda: _("Nobody has confirmed who was present"),
            reverse("meetings:live", args=[meeting.pk]) + "?view=people#room-attendance",
            lambda: _("To the attendance"),
        )


def _disputes(meeting: Meeting) -> Iterable[Point]:
    """Stated figures that the data owner has not ruled on."""
    for one in differences.open_differences(meeting):
        yield _dispute(meeting, one)


def _dispute(meeting: Meeting, one: differences.Difference) -> Point:
    return _point(
        "dispute",
        one.statement.pk,
        lambda: (
            _("%(metric)s of %(department)s is disputed; the data owner has not ruled on it")
            % {"metric": one.metric.name, "department": one.department.name}
        ),
        reverse("meetings:figures", args=[meeting.pk]) + f"#statement-{one.statement.pk}",
        lambda: _("To the figures"),
    )


def _point(code: str, pk: int, say: Callable[[], str], url: str, link: Callable[[], str]) -> Point:
    return Point(code=code, key=f"{code}:{pk}", say=say, url=url, link=link)
