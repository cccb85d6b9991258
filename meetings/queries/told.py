"""What somebody's calendar was last sent about a meeting or a series: read from the ledger of notices.

Each notice about a meeting's time and place keeps the facts it tells (`params["facts"]`). The last one that went out
is what the person knows; the next one tells the difference from it, or is not sent at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from meetings.models import Meeting, Participant, Series
from notices.models import Notice

INVITED, CHANGED = "meetings.invited", "meetings.changed"
WITHDRAWN, CANCELLED = "meetings.withdrawn", "meetings.cancelled"
MEETING_KINDS = (INVITED, CHANGED, WITHDRAWN, CANCELLED)

SERIES_INVITED, SERIES_CHANGED = "meetings.series_invited", "meetings.series_changed"
SERIES_WITHDRAWN, SERIES_ENDED = "meetings.series_withdrawn", "meetings.series_ended"
SERIES_KINDS = (SERIES_INVITED, SERIES_CHANGED, SERIES_WITHDRAWN, SERIES_ENDED)

# After one of these the entry is gone from the person's calendar.
OFF = (WITHDRAWN, CANCELLED, SERIES_WITHDRAWN, SERIES_ENDED)

State = Notice.State
# Went out, may have gone out, or was refused by the mail server after it stood in the list of notices.
WENT_OUT = Q(state__in=[State.SENT, State.UNCERTAIN, State.BOUNCED]) | Q(
    state=State.SENDING, stage=Notice.Stage.EMAIL
)
WAITS = Q(state__in=[State.PENDING, State.SENDING], stage=Notice.Stage.NONE)


@dataclass(frozen=True, slots=True)
class Told:
    """`facts` is empty for notices of earlier versions, which kept none; `sequence` is that of the calendar entry."""

    kind: str
    at: datetime
    sequence: int
    facts: dict[str, Any] = field(default_factory=dict)
    # Of a series: the occurrences that differ from its rule, those left out, and all that were made by then.
    overrides: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    times: tuple[str, ...] = ()

    @property
    def is_off(self) -> bool:
        return self.kind in OFF


def instant(moment: datetime) -> str:
    """The same text for the same instant, whatever zone it was computed in."""
    return moment.astimezone(UTC).isoformat()


def facts_of(meeting: Meeting, role: str) -> dict[str, Any]:
    """What a calendar entry says that people must be told of when it changes; the wording is not of it."""
    return {
        "starts_at": instant(meeting.starts_at),
        "planned_minutes": meeting.planned_minutes,
        "time_zone": meeting.time_zone,
        "location": meeting.location,
        "online_url": meeting.online_url,
        "role": role,
    }


def facts_of_series(series: Series, role: str) -> dict[str, Any]:
    return {
        "rule": series.rule,
        "starts_on": series.starts_on.isoformat(),
        "starts_at": series.starts_at.isoformat(),
        "ends_on": series.ends_on.isoformat() if series.ends_on else "",
        "planned_minutes": series.planned_minutes,
        "time_zone": series.time_zone,
        "location": series.location,
        "online_url": series.online_url,
        "role": role,
    }


def last_told(*, subject: models.Model, users: Iterable[int] | None = None) -> dict[int, Told]:
    """By person, what last went out about this very meeting or series; one query."""
    kinds = SERIES_KINDS if isinstance(subject, Series) else MEETING_KINDS
    rows = _about(subject, kinds).filter(WENT_OUT)
    if users is not None:
        rows = rows.filter(recipient__in=list(users))
    return {row.recipient_id: _told(row) for row in rows.order_by("due_at", "pk")}


def last_told_of(meeting: Meeting, users: Iterable[int] | None = None) -> dict[int, Told]:
    """By person, what they know of a meeting, be it from a notice about itself or about its series."""
    users = None if users is None else list(users)
    own = last_told(subject=meeting, users=users)
    if meeting.series is None or meeting.occurs_at is None:
        return own
    for user, told in last_told(subject=meeting.series, users=users).items():
        implied = _implied(told, meeting)
        if implied and (user not in own or own[user].at < told.at):
            own[user] = implied
    return own


def last_told_of_meetings(meetings: Iterable[int], users: Iterable[int]) -> dict[tuple[int, int], Told]:
    """By meeting and person, what last went out about single meetings; one query."""
    rows = Notice.objects.filter(
        WENT_OUT,
        subject_type=ContentType.objects.get_for_model(Meeting),
        subject_id__in=list(meetings),
        recipient__in=list(users),
        kind__in=MEETING_KINDS,
    )
    return {(row.subject_id, row.recipient_id): _told(row) for row in rows.order_by("due_at", "pk")}


def waiting_of_meetings(meetings: Iterable[int]) -> set[int]:
    """The meetings about which something waits to go out; one query."""
    rows = Notice.objects.filter(
        WAITS,
        subject_type=ContentType.objects.get_for_model(Meeting),
        subject_id__in=list(meetings),
        kind__in=MEETING_KINDS,
    )
    return set(rows.values_list("subject_id", flat=True))


def waiting(*, subject: models.Model, kinds: Iterable[str]) -> list[Notice]:
    """The notices about it that have not gone out."""
    return list(_about(subject, kinds).filter(WAITS).order_by("due_at", "pk"))


def _about(subject: models.Model, kinds: Iterable[str]) -> models.QuerySet[Notice]:
    return Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk, kind__in=list(kinds)
    )


def _told(row: Notice) -> Told:
    params = row.params
    return Told(
        kind=row.kind,
        at=row.due_at,
        sequence=params.get("sequence") or 0,
        facts=params.get("facts") or {},
        overrides=params.get("overrides") or {},
        left_out=tuple(params.get("left_out") or ()),
        times=tuple(params.get("times") or ()),
    )


def _implied(told: Told, meeting: Meeting) -> Told | None:
    """What a notice about the series says of one occurrence; None when it says nothing of it."""
    assert meeting.series is not None
    assert meeting.occurs_at is not None
    key = instant(meeting.occurs_at)
    now = facts_of_series(meeting.series, told.facts.get("role", Participant.Role.MEMBER))
    if key not in told.times and any(
        told.facts.get(name) != now[name]
        for name in ("rule", "starts_on", "starts_at", "ends_on", "time_zone")
    ):
        return None
    kind = CANCELLED if told.is_off or key in told.left_out else INVITED
    facts = {name: told.facts.get(name) for name in facts_of(meeting, "")} | {"starts_at": key}
    return Told(kind=kind, at=told.at, sequence=told.sequence, facts=facts | (told.overrides.get(key) or {}))
