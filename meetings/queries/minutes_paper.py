"""Which minutes somebody reads: the newest edition once they are circulated, the records as they stand before that."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from meetings.models import Meeting, Minutes, MinutesEdition
from meetings.queries import minutes_content, minutes_reading
from meetings.queries.minutes_content import Content
from people.models import Department, User


@dataclass(frozen=True, slots=True)
class Paper:
    """The minutes for one reader (None: for everybody), without what they must not know; `edition` is None in draft."""

    meeting: Meeting
    content: Content
    state: Minutes.State
    edition: MinutesEdition | None
    reader: User | None
    department: Department | None = None

    @property
    def is_draft(self) -> bool:
        return self.edition is None


def paper(
    meeting: Meeting, *, reader: User | None, now: datetime, department: Department | None = None
) -> Paper:
    """What goes on paper, into files and mails."""
    minutes = Minutes.objects.filter(meeting=meeting).first()
    edition = newest(minutes) if minutes and minutes.state != Minutes.State.DRAFT else None
    whole = edition.content if edition else minutes_content.build(meeting, now=now)
    return of_content(
        meeting, {**whole, "corrections": _corrections(minutes)}, minutes, edition, reader, department
    )


def of_edition(
    edition: MinutesEdition, *, reader: User | None, department: Department | None = None
) -> Paper:
    """An edition as it was, for somebody who reads it today: what has become confidential since stays hidden."""
    minutes = edition.minutes
    return of_content(minutes.meeting, edition.content, minutes, edition, reader, department)


def of_content(
    meeting: Meeting,
    content: Content,
    minutes: Minutes | None,
    edition: MinutesEdition | None,
    reader: User | None,
    department: Department | None,
) -> Paper:
    shown = minutes_reading.for_reader(content, reader)
    if department is not None:
        shown = minutes_reading.excerpt(shown, department)
    state = Minutes.State(minutes.state) if minutes else Minutes.State.DRAFT
    return Paper(meeting, shown, state, edition, reader, department)


def newest(minutes: Minutes) -> MinutesEdition | None:
    return minutes.editions.order_by("-number").first()


def editions(meeting: Meeting) -> QuerySet[MinutesEdition]:
    """All of a meeting's editions, the newest first, without their contents."""
    rows = MinutesEdition.objects.filter(minutes__meeting=meeting).defer("content")
    return rows.select_related("made_by").order_by("-number")


def _corrections(minutes: Minutes | None) -> list[Content]:
    if minutes is None:
        return []
    return [
        {
            "number": one.number,
            "item": one.item_id,
            "text": one.text,
            "by": one.made_by.name,
            "at": one.made_at.isoformat(),
        }
        for one in minutes.corrections.select_related("made_by").order_by("number")
    ]
