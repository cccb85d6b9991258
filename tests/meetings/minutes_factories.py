"""Meetings that have ended, with something in their minutes."""

import datetime as dt

from meetings.models import Decision, Meeting, Minutes, MinutesEdition, Note, Participant
from meetings.services import minutes as services
from people.models import User
from tests import factories
from tests.meetings import room_factories as room

ENDED = room.at(60)
NOW = ENDED + dt.timedelta(hours=1)
UNTIL = NOW + dt.timedelta(days=3)
AFTER = UNTIL + dt.timedelta(hours=1)


def ended(**fields) -> Meeting:
    """A meeting of sales with a note and a decision in its first item."""
    made = room.meeting(status="ended", **fields)
    item = made.items.order_by("order").first()
    note(made, "We sold more in Canada.", item)
    decide(made, "Open a shop in Mexico.", item)
    return made


def note(made: Meeting, text: str, item=None) -> Note:
    return Note.objects.create(
        meeting=made,
        item=item,
        text=text,
        created_by=made.host,
        created_at=NOW,
        edited_by=made.host,
        edited_at=NOW,
    )


def decide(made: Meeting, text: str, item=None, **fields) -> Decision:
    number = Decision.objects.count() + 1
    values = {"year": 2026, "number": number, "decided_by": made.host, "recorded_by": made.host}
    return Decision.objects.create(
        meeting=made, agenda_item=item, text=text, recorded_at=NOW, **{**values, **fields}
    )


def secret(made: Meeting, *words: str):
    """The meeting's first item confidential, with these words as notes."""
    item = made.items.order_by("order").first()
    made.items.filter(pk=item.pk).update(is_confidential=True, title_en="Layoffs", title_zh="裁员方案")
    item.refresh_from_db()
    for text in words:
        note(made, text, item)
    return item


def circulate(
    made: Meeting, *approvers: User, now: dt.datetime = NOW, until: dt.datetime = UNTIL
) -> MinutesEdition:
    version = services.begin(made).version
    return services.circulate(
        meeting=made,
        approvers=approvers or [made.host],
        objections_until=until,
        version=version,
        by=made.host,
        now=now,
    )


def approve(made: Meeting, *people: User, now: dt.datetime = AFTER) -> Minutes:
    minutes = Minutes.objects.get(meeting=made)
    edition = minutes.editions.latest("number")
    for person in people or [made.host]:
        services.approve(minutes=minutes, edition=edition, by=person, now=now)
    minutes.refresh_from_db()
    return minutes


def locked(made: Meeting) -> Minutes:
    circulate(made)
    minutes = approve(made)
    services.lock(minutes=minutes, by=made.host, now=AFTER)
    minutes.refresh_from_db()
    return minutes


def outsider(made: Meeting) -> User:
    """Somebody invited who belongs to no circle."""
    user = factories.UserFactory(name="Wang Out")
    Participant.objects.create(meeting=made, user=user, role=Participant.Role.MEMBER)
    return user
