"""Telling people about a meeting or a series. Call these in the transaction that causes it.

Every notice waits for a minute. What it says is the difference between what the person's calendar was last sent and
what is true at the end of the minute: three corrections in a row are one mail, a change that was taken back is none,
and an invitation that was cancelled at once never goes out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime

from meetings import calendar
from meetings.calendar_series import Occurrences, differences
from meetings.models import Meeting, Participant, Series
from meetings.plan import TIMES, Plan
from meetings.queries import told as known
from meetings.queries.told import (
    CANCELLED,
    CHANGED,
    INVITED,
    MEETING_KINDS,
    SERIES_CHANGED,
    SERIES_ENDED,
    SERIES_INVITED,
    SERIES_KINDS,
    SERIES_WITHDRAWN,
    WITHDRAWN,
    Told,
)
from notices import services as notices
from notices.models import Notice
from notices.planning import Wanted
from people.models import User

CHANGES_WAIT = timedelta(minutes=1)
# Whose change is no change of the calendar entry's time or place.
PERSONAL = "role"


@dataclass(slots=True)
class News:
    """What one person is to be told."""

    user: User
    kind: str
    params: dict[str, Any] = field(default_factory=dict)


# --- one meeting ------------------------------------------------------------------------------------------
def tell_invited(*, meeting: Meeting, users: Iterable[User], now: datetime) -> None:
    """Invite these participants: in the list of notices, and by mail with the calendar entry."""
    _bring_up_to_date(meeting, now)


def tell_changed(*, meeting: Meeting, before: Plan, skip: Iterable[User], reason: str, now: datetime) -> None:
    """Tell those who know of the meeting that time or place is another one; a new time asks for new replies."""
    replies: dict[int, list[Any]] = {}
    if any(getattr(before, name) != getattr(meeting, name) for name in TIMES):
        replies = _take_back_replies(meeting)
    _bring_up_to_date(meeting, now, reason=reason, replies=replies)


def tell_withdrawn(*, meeting: Meeting, users: Iterable[User], now: datetime) -> None:
    """Tell people that they are not invited any more; an invitation that has not gone out is taken back."""
    _bring_up_to_date(meeting, now)


def tell_cancelled(*, meeting: Meeting, now: datetime) -> None:
    """Tell everybody whose calendar knows of it that the meeting is off; who was not told yet hears nothing."""
    _bring_up_to_date(meeting, now)


def _bring_up_to_date(
    meeting: Meeting, now: datetime, *, reason: str = "", replies: dict[int, list[Any]] | None = None
) -> None:
    covered: set[int] = set()
    if meeting.series is not None:
        covered = {row.recipient_id for row in known.waiting(subject=meeting.series, kinds=SERIES_KINDS)}
        if covered:
            covered = _tell_of_series(meeting.series, now, reason)
    _tell_of_meeting(meeting, now, reason=reason, replies=replies or {}, covered=covered)


def _tell_of_meeting(
    meeting: Meeting,
    now: datetime,
    *,
    reason: str = "",
    replies: dict[int, list[Any]] | None = None,
    covered: set[int] | None = None,
) -> None:
    """Make the waiting notices about this meeting those that are needed; people who are `covered` need none."""
    rows = {row.user_id: row for row in meeting.participants.select_related("user")}
    waits = known.waiting(subject=meeting, kinds=MEETING_KINDS)
    told = known.last_told_of(meeting)
    users = {pk: row.user for pk, row in rows.items()}
    users |= {one.pk: one for one in User.objects.filter(pk__in=set(told) - set(users))}
    news = []
    for pk, user in users.items():
        if pk in (covered or ()):
            continue
        kind = _kind(meeting, rows.get(pk), told.get(pk))
        if kind:
            news.append(News(user, kind, _params(meeting, rows.get(pk), told.get(pk))))
        if pk in rows and _is_at_the_told_time(meeting, told.get(pk)):
            _give_back_reply(rows[pk], [row for row in waits if row.recipient_id == pk])
    _raise_sequence(meeting, news, told)
    number = calendar.sequence_of(meeting)
    for one in news:
        one.params["sequence"] = number if one.kind != WITHDRAWN else _after(number, told[one.user.pk])
        if replies and one.kind == CHANGED and one.user.pk in replies:
            one.params["reply"] = replies[one.user.pk]
    _replace(meeting, MEETING_KINDS, waits, news, now, reason=reason, expires_at=meeting.ends_at)
    # Of who was told by an earlier version it is all that is known of what they were told.
    kept = {pk for pk, one in told.items() if not one.facts}
    meeting.participants.filter(user__in=[one.user for one in news if one.user.pk not in kept]).update(
        sent_sequence=number
    )


def _kind(meeting: Meeting, row: Participant | None, told: Told | None) -> str:
    """What a person has to be told of, "" for nothing."""
    knows = told is not None and not told.is_off
    if meeting.status == Meeting.Status.CANCELLED:
        return CANCELLED if knows else ""
    if meeting.status not in (Meeting.Status.SCHEDULED, Meeting.Status.IN_PROGRESS):
        return ""
    if row is None:
        return WITHDRAWN if knows else ""
    if told is None or not knows:
        return INVITED
    if not told.facts:
        # Told by an earlier version, which kept no facts but the SEQUENCE.
        return CHANGED if (row.sent_sequence or 0) < calendar.sequence_of(meeting) else ""
    return CHANGED if told.facts != known.facts_of(meeting, row.role) else ""


def _params(meeting: Meeting, row: Participant | None, told: Told | None) -> dict[str, Any]:
    params: dict[str, Any] = {"facts": known.facts_of(meeting, row.role if row else "")}
    if told is not None and not told.is_off:
        params["before"] = told.facts
    return params


def _raise_sequence(subject: Meeting | Series, news: list[News], told: dict[int, Told]) -> None:
    """Calendars pass over an entry whose SEQUENCE they have seen: whoever changes one without raising it gets help.

    A withdrawal is for one person; the entry of the others stays as it is.
    """
    number = calendar.sequence_of(subject) if isinstance(subject, Meeting) else subject.sequence
    seen = [
        told[one.user.pk].sequence
        for one in news
        if one.user.pk in told and one.kind not in (WITHDRAWN, SERIES_WITHDRAWN) and not _is_personal(one)
    ]
    if max(seen, default=-1) < number:
        return
    subject.sequence += max(seen) + 1 - number
    type(subject)._default_manager.filter(pk=subject.pk).update(sequence=subject.sequence)  # noqa: SLF001


def _after(number: int, told: Told) -> int:
    return max(number, told.sequence) + 1


def _is_personal(one: News) -> bool:
    before, facts = one.params.get("before") or {}, one.params.get("facts") or {}
    return bool(before) and {name for name in facts if facts[name] != before.get(name)} == {PERSONAL}


# --- replies that wait for the end of the minute ---------------------------------------------------------------
def _take_back_replies(meeting: Meeting) -> dict[int, list[Any]]:
    """Ask for new replies; returns the old ones by person, in case the time is put back before anybody is told."""
    answered = meeting.participants.exclude(reply=Participant.Reply.NONE)
    old = {
        row.user_id: [row.reply, row.reply_note, row.replied_at.isoformat() if row.replied_at else None]
        for row in answered
    }
    answered.update(reply=Participant.Reply.NONE, replied_at=None, reply_note="")
    return old


def _is_at_the_told_time(meeting: Meeting, told: Told | None) -> bool:
    facts = known.facts_of(meeting, "")
    return told is not None and not told.is_off and all(told.facts.get(name) == facts[name] for name in TIMES)


def _give_back_reply(row: Participant, waits: list[Notice]) -> None:
    """The time is again the one that the person had answered to."""
    old = next((one.params["reply"] for one in waits if one.params.get("reply")), None)
    if old and row.reply == Participant.Reply.NONE:
        row.reply, row.reply_note, row.replied_at = old[0], old[1], parse_datetime(old[2])
        row.save(update_fields=["reply", "reply_note", "replied_at"])


# --- a series -----------------------------------------------------------------------------------------------
def tell_series_invited(*, series: Series, now: datetime) -> None:
    """Invite the participants of its meetings to the series: one notice each, with one entry for all dates."""
    _bring_series_up_to_date(series, now)


def tell_series_changed(*, series: Series, now: datetime, reason: str = "") -> None:
    """Tell what is different from what each person's calendar was last sent: rule, time, place, dates left out or
    moved, people who came or left. Call it once after all rows are written; it takes the place of what would wait
    about the single meetings.
    """
    _bring_series_up_to_date(series, now, reason)


def tell_series_cancelled(*, series: Series, now: datetime, reason: str = "") -> None:
    """Tell everybody that no further meeting of the series is held. What was held stays in their calendars."""
    _bring_series_up_to_date(series, now, reason)


def _bring_series_up_to_date(series: Series, now: datetime, reason: str = "") -> None:
    covered = _tell_of_series(series, now, reason)
    occurrences = Occurrences.of(series)
    told = set(known.last_told(subject=series))
    waits = known.waiting_of_meetings(meeting.pk for meeting in occurrences.meetings)
    ahead = {meeting.pk for meeting in occurrences.ahead(now)}
    for meeting in occurrences.meetings:
        people = set(occurrences.people[meeting.pk])
        if meeting.pk in waits or (meeting.pk in ahead and people - covered - told):
            _tell_of_meeting(meeting, now, reason=reason, covered=covered)


def _tell_of_series(series: Series, now: datetime, reason: str) -> set[int]:
    """Make the waiting notices about the series those that are needed; returns who gets one."""
    occurrences = Occurrences.of(series)
    regular = occurrences.regular(now)
    told = known.last_told(subject=series)
    waits = known.waiting(subject=series, kinds=SERIES_KINDS)
    users = {pk: row.user for pk, row in regular.items()}
    users |= {one.pk: one for one in User.objects.filter(pk__in=set(told) - set(users))}
    ahead = occurrences.ahead(now)
    single = _told_of_single(occurrences, users)
    news = []
    for pk, user in users.items():
        facts = known.facts_of_series(series, regular[pk].role if pk in regular else "")
        kind = _kind_of_series(occurrences, pk, regular, told.get(pk), facts, single, now)
        if kind:
            params = {
                "facts": facts,
                "overrides": {
                    known.instant(one.occurs_at): differences(one)
                    for one in occurrences.meetings
                    if one.occurs_at and differences(one)
                },
                "left_out": [known.instant(moment) for moment in occurrences.left_out(pk)],
                "times": [known.instant(moment) for moment in occurrences.times],
            }
            if pk in told and not told[pk].is_off:
                params["before"] = told[pk].facts
            news.append(News(user, kind, params))
    _raise_sequence(series, news, told)
    for one in news:
        is_for_one = one.kind == SERIES_WITHDRAWN
        one.params["sequence"] = _after(series.sequence, told[one.user.pk]) if is_for_one else series.sequence
    expires_at = max((meeting.ends_at for meeting in ahead), default=None)
    _replace(series, SERIES_KINDS, waits, news, now, reason=reason, expires_at=expires_at)
    return {one.user.pk for one in news}


def _kind_of_series(
    occurrences: Occurrences,
    user: int,
    regular: dict[int, Participant],
    told: Told | None,
    facts: dict[str, Any],
    single: dict[tuple[int, int], Told],
    now: datetime,
) -> str:
    knows = told is not None and not told.is_off
    ahead = occurrences.ahead(now)
    if user not in regular:
        if not knows or any(user in occurrences.people[one.pk] for one in ahead):
            return ""
        return SERIES_WITHDRAWN if ahead else SERIES_ENDED
    if told is None or not knows:
        return SERIES_INVITED
    if told.facts != facts:
        return SERIES_CHANGED
    return SERIES_CHANGED if _dates_differ(occurrences, user, told, single, now) else ""


def _dates_differ(
    occurrences: Occurrences, user: int, told: Told, single: dict[tuple[int, int], Told], now: datetime
) -> bool:
    """Whether a date to come is held, left out or moved otherwise than the person knows."""
    left_out = {known.instant(moment) for moment in occurrences.left_out(user)}
    own = {meeting.occurs_at: single.get((meeting.pk, user)) for meeting in occurrences.meetings}
    meetings = {meeting.occurs_at: meeting for meeting in occurrences.meetings}
    for moment in {*occurrences.times, *occurrences.exceptions}:
        if moment <= now:
            continue
        key = known.instant(moment)
        newer = own.get(moment)
        if newer and newer.at > told.at:
            was_off, was = (
                newer.is_off,
                {name: newer.facts.get(name) for name in newer.facts if name != PERSONAL},
            )
            found = known.facts_of(meetings[moment], "")
            different = any(found[name] != was.get(name) for name in found if name != PERSONAL)
        else:
            was_off = key in told.left_out
            meeting = meetings.get(moment)
            different = meeting is not None and differences(meeting) != (told.overrides.get(key) or {})
        if (key in left_out) != was_off or (key not in left_out and different):
            return True
    return False


def _told_of_single(occurrences: Occurrences, users: Iterable[int]) -> dict[tuple[int, int], Told]:
    """What people were told about single meetings of a series, by meeting and person."""
    pks = [meeting.pk for meeting in occurrences.meetings]
    return known.last_told_of_meetings(pks, users)


# --- notices ----------------------------------------------------------------------------------------------
def _replace(
    subject: models.Model,
    kinds: tuple[str, ...],
    waits: list[Notice],
    news: list[News],
    now: datetime,
    *,
    reason: str,
    expires_at: datetime | None,
) -> None:
    """Take back what waits and promise what is needed. A notice that waited already keeps its minute, its moment
    and, unless there is a new one, its reason.
    """
    notices.withdraw(subject=subject, kinds=kinds)
    earlier: dict[int, list[Notice]] = {}
    for row in waits:
        earlier.setdefault(row.recipient_id, []).append(row)
    wanted = []
    for one in news:
        rows = earlier.get(one.user.pk, [])
        same = next((row for row in rows if row.kind == one.kind), None)
        for name, value in (("reason", reason), ("reply", one.params.get("reply"))):
            kept = next((row.params[name] for row in rows if row.params.get(name)), None)
            if kept_or_new := (kept if name == "reply" and kept else value or kept):
                one.params[name] = kept_or_new
        if one.kind in known.OFF:
            # As it is called now: they may not see it any more.
            one.params["title"] = str(subject)
        wanted.append(
            Wanted(
                recipient=one.user,
                subject=subject,
                kind=one.kind,
                due_at=same.due_at if same else now,
                send_at=_send_at(one.kind, rows, now),
                # News of a meeting that is over is of no use, however late the mail server comes back.
                expires_at=expires_at,
                params=one.params,
            )
        )
    notices.promise_all(wanted)


def _send_at(kind: str, waits: list[Notice], now: datetime) -> datetime:
    """A minute after the first change; a cancelling cannot be taken back and goes at once."""
    if kind == CANCELLED:
        return now
    return min([row.send_at for row in waits if row.attempts == 0] + [now + CHANGES_WAIT])
