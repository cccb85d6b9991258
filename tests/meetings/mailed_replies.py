"""Letters in which calendar programs answer an invitation, and how they are taken in."""

import base64
from datetime import UTC, datetime
from pathlib import Path

from meetings.models import Meeting, Participant
from meetings.plan import PersonPlan
from meetings.services import replies
from notices.models import Notice
from people.models import User
from tests.factories import UserFactory
from tests.factories import host as host_factory
from tests.meetings import factories

FOLDER = Path(__file__).parent / "letters"
# The letters say that they were written at 01:00 UTC on the 24th.
LATER = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def invited() -> User:
    return UserFactory(email="anna@example.com", name="Anna Schmidt", language="en")


def sent_to(anna: User) -> Meeting:
    """A meeting whose invitations are out."""
    made = factories.scheduled(
        host=host_factory(language="en", time_zone="Asia/Shanghai"), people=[PersonPlan(user=anna)]
    )
    Notice.objects.update(state="sent")
    return made


def letter(name, *, uid, answer="ACCEPTED", sequence=0, recurrence="", method="REPLY"):
    """A mail as that program sends it."""
    words = {"uid": uid, "answer": answer, "sequence": sequence, "recurrence": recurrence, "method": method}
    inside = FOLDER / f"{name}.ics"
    if inside.exists():
        calendar = inside.read_text().format(**words).replace("\n", "\r\n")
        words["base64"] = base64.encodebytes(calendar.encode()).decode()
    return (FOLDER / f"{name}.eml").read_text().format(**words).replace("\n", "\r\n").encode()


def google(meeting, **values):
    return letter("google", uid=f"{meeting.uid}@fupan", **values)


def take_in(raw, now=LATER):
    return [(row.outcome, row.note) for row in replies.take_in(raw=raw, now=now)]


def answer_of(meeting, person):
    return Participant.objects.get(meeting=meeting, user=person)
