"""A meeting in its room, with people and issues in the pool."""

from datetime import datetime

from meetings.models import Issue, IssueVote, Meeting, Participant, RoomClock
from people.models import User
from tests.factories import UserFactory
from tests.meetings import room_factories as rooms

NOW = rooms.at(30)


def running(**fields) -> Meeting:
    """A review that has begun, its clock on the first item."""
    meeting = rooms.meeting(status="in_progress", **fields)
    RoomClock.objects.create(
        meeting=meeting,
        item=meeting.items.in_order().first(),
        is_running=True,
        anchor_at=meeting.started_at,
    )
    return meeting


def person(meeting: Meeting, role: str = Participant.Role.MEMBER, **fields) -> User:
    return rooms.invite(meeting, UserFactory(**fields), role)


def issue(meeting: Meeting, text: str = "Returns double", *, by: User | None = None, **fields) -> Issue:
    fields.setdefault("raised_at", NOW)
    return Issue.objects.create(meeting=meeting, text=text, raised_by=by or meeting.host, **fields)


def votes(issue: Issue, number: int, at: datetime = NOW) -> None:
    IssueVote.objects.bulk_create(
        IssueVote(issue=issue, user=UserFactory(), at=at) for _each in range(number)
    )


SOLUTION = {
    "root_cause": "The forecast leaves out promotions.",
    "process": "Monthly demand forecast",
    "solution": "Marketing enters promotions into the forecast six weeks ahead.",
}
