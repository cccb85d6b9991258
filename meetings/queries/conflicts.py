"""Who and what is taken already: people in two meetings at once, places with two meetings at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, Q
from django.db.models.functions import Length, Trim

from meetings.models import Meeting, Participant
from people.models import User

# No meeting lasts longer (`meeting_length`), so nothing that began earlier can still be held.
LONGEST = timedelta(hours=24)

Span = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One meeting in the way. `meeting` is None where the asker may not know more than that somebody is busy."""

    starts_at: datetime
    ends_at: datetime
    meeting: Meeting | None
    user: User | None = None

    @property
    def title(self) -> str:
        return self.meeting.title if self.meeting else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicts:
    """Clashes of people, by the order in which they were asked for, and of the place."""

    people: list[Clash]
    places: list[Clash]

    def __bool__(self) -> bool:
        return bool(self.people or self.places)

    def __len__(self) -> int:
        return len(self.people) + len(self.places)


def conflicts(
    *,
    starts_at: datetime,
    minutes: int,
    people: Sequence[User],
    location: str,
    by: User,
    except_meeting: Meeting | None = None,
) -> Conflicts:
    """What stands in the way of a meeting then, as `by` may know it. Three queries, however many people."""
    left_out = [except_meeting.pk] if except_meeting else []
    (found,) = conflicts_of_each(
        spans=[(starts_at, minutes)], people=people, location=location, by=by, left_out=left_out
    )
    return found


def conflicts_of_each(
    *, spans: Sequence[Span], people: Sequence[User], location: str, by: User, left_out: Collection[int] = ()
) -> list[Conflicts]:
    """The same for many times at once, such as those of a series; `left_out` are ids of meetings of its own."""
    place = same_place(location)
    held = list(_held_during(spans, people, place).exclude(pk__in=left_out))
    readable = set(
        Meeting.objects.visible_to(by).filter(pk__in=[one.pk for one in held]).values_list("pk", flat=True)
    )
    return [_of_one(span, held, people, place, readable) for span in spans]


def same_place(location: str) -> str:
    """Places are the same when they are written the same, but for capitals and spaces."""
    return " ".join(location.casefold().split())


def _held_during(spans: Sequence[Span], people: Sequence[User], place: str):
    """Meetings that were sent and overlap one of the spans, with those of `people` who come (`coming`)."""
    overlaps = Q(pk__in=[])
    for starts_at, minutes in spans:
        overlaps |= Q(starts_at__lt=starts_at + timedelta(minutes=minutes), starts_at__gt=starts_at - LONGEST)
    coming = (
        Participant.objects.filter(user__in=people)
        .exclude(reply=Participant.Reply.DECLINED)
        # An optional guest is busy only after saying so.
        .exclude(role=Participant.Role.OPTIONAL, reply=Participant.Reply.NONE)
        .order_by("pk")
    )
    concerned = Q(participants__user__in=people)
    if place:
        concerned |= Q(place_length__gt=0)
    return (
        Meeting.objects.filter(status__in=[Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS])
        .filter(overlaps)
        .annotate(place_length=Length(Trim(F("location"))))
        .filter(concerned)
        .distinct()
        .order_by("starts_at", "pk")
        .prefetch_related(Prefetch("participants", coming, to_attr="coming"))
    )


def _of_one(
    span: Span, held: list[Meeting], people: Sequence[User], place: str, readable: set[int]
) -> Conflicts:
    starts_at, ends_at = span[0], span[0] + timedelta(minutes=span[1])
    at_once = [one for one in held if one.starts_at < ends_at and one.ends_at > starts_at]
    order = {user.pk: (number, user) for number, user in enumerate(people)}
    busy = [(order[row.user_id], meeting) for meeting in at_once for row in _coming(meeting)]
    return Conflicts(
        people=[
            _clash(meeting, readable, user) for (_number, user), meeting in sorted(busy, key=_place_in_list)
        ],
        places=[
            _clash(meeting, readable)
            for meeting in at_once
            if place and same_place(meeting.location) == place
        ],
    )


def _coming(meeting: Meeting) -> list[Participant]:
    return meeting.coming  # type: ignore[attr-defined, no-any-return]


def _place_in_list(entry: tuple[tuple[int, User], Meeting]) -> tuple[int, datetime, int]:
    (number, _user), meeting = entry
    return number, meeting.starts_at, meeting.pk


def _clash(meeting: Meeting, readable: set[int], user: User | None = None) -> Clash:
    return Clash(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        meeting=meeting if meeting.pk in readable else None,
        user=user,
    )


def places_used(by: User, most: int = 30) -> list[str]:
    """Places of meetings that somebody may read, the latest first, each written as it was last."""
    rows = (
        Meeting.objects.visible_to(by)
        .exclude(location="")
        .order_by("-starts_at", "-pk")
        .values_list("location", flat=True)[: most * 10]
    )
    found: dict[str, str] = {}
    for location in rows:
        found.setdefault(same_place(location), location)
    return list(found.values())[:most]
