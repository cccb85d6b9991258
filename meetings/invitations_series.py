"""The words of the notices about a series, and its calendar entry."""

from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.times import day_words, duration_words, moment_words
from core.zones import city
from meetings import calendar, calendar_series, recurrence
from meetings.calendar_series import Occurrences
from meetings.invitations import reply_to
from meetings.models import Meeting, Participant, Series
from meetings.queries.told import SERIES_CHANGED, SERIES_ENDED, SERIES_INVITED, SERIES_WITHDRAWN
from notices import kinds
from notices.kinds import Attachment, Category, Kind
from notices.models import Notice

# So many dates stand in a mail; the calendar entry has them all.
MOST_DATES = 5


def _series(notice: Notice) -> Series:
    series = notice.subject
    assert isinstance(series, Series)
    return series


# --- who is still to be told ----------------------------------------------------------------------------
def _takes_part(notice: Notice) -> bool:
    """In a meeting of the series that is still to come."""
    return Participant.objects.filter(
        user=notice.recipient_id,
        meeting__series=notice.subject_id,
        meeting__status=Meeting.Status.SCHEDULED,
        meeting__starts_at__gt=timezone.now(),
    ).exists()


def _takes_no_part(notice: Notice) -> bool:
    return not _takes_part(notice)


# --- words ------------------------------------------------------------------------------------------------
def _url(notice: Notice) -> str:
    return _series(notice).get_absolute_url()


def _no_url(notice: Notice) -> str:
    return "/meetings/"


def _rhythm(facts: dict[str, Any]) -> str:
    """“every second Tuesday, 10:00 (Shanghai)”: on the wall clock of the series, whatever happens to the offset."""
    try:
        words = recurrence.describe(recurrence.Rule.parse(facts["rule"]))
    except (KeyError, recurrence.BadRuleError):
        return ""
    zone = facts.get("time_zone", "")
    return _("%(rhythm)s, %(time)s (%(zone)s)") % {
        "rhythm": words,
        "time": str(facts.get("starts_at", ""))[:5],
        "zone": city(zone) or zone,
    }


def _facts(series: Series) -> dict[str, Any]:
    return {
        "rule": series.rule,
        "starts_at": series.starts_at.isoformat(),
        "time_zone": series.time_zone,
    }


def _body(notice: Notice) -> str:
    series = _series(notice)
    lines = [
        _("When: %(time)s, %(length)s")
        % {"time": _rhythm(_facts(series)), "length": duration_words(series.planned_minutes)}
    ]
    if series.ends_on:
        lines.append(_("Until: %(day)s") % {"day": day_words(series.ends_on)})
    if series.location:
        lines.append(_("Where: %(place)s") % {"place": series.location})
    if series.online_url:
        lines.append(_("Join: %(url)s") % {"url": series.online_url})
    lines.append(_("Host: %(name)s") % {"name": series.host.name})
    return "\n\n".join(part for part in ("\n".join(lines), _dates(notice), _left_out(notice)) if part)


def _dates(notice: Notice) -> str:
    """The next dates of this person in their own zone: there the hour may move when the clocks change."""
    found = (
        Meeting.objects.filter(
            series=notice.subject_id,
            participants__user=notice.recipient_id,
            status=Meeting.Status.SCHEDULED,
            starts_at__gt=timezone.now(),
        )
        .order_by("starts_at", "pk")
        .values_list("starts_at", flat=True)[:MOST_DATES]
    )
    lines = [moment_words(moment, notice.recipient) for moment in found]
    return "\n".join([_("The next dates:"), *lines]) if lines else ""


def _left_out(notice: Notice) -> str:
    """Dates to come that are left out, and why."""
    series = _series(notice)
    rows = series.exceptions.filter(occurs_at__gt=timezone.now()).order_by("occurs_at")[:MOST_DATES]
    lines = []
    for row in rows:
        day = day_words(row.occurs_at.astimezone(series.zone))
        why = row.reason or row.get_cause_display()
        lines.append(_("%(day)s: %(reason)s") % {"day": day, "reason": why})
    return "\n".join([_("Not held:"), *lines]) if lines else ""


def _changed_body(notice: Notice) -> str:
    """What was and why, then what is."""
    series, before = _series(notice), notice.params.get("before") or {}
    lines = []
    was = _rhythm(before)
    if was and was != _rhythm(_facts(series)):
        lines.append(_("Was: %(time)s") % {"time": was})
    if before.get("planned_minutes") not in (None, series.planned_minutes):
        lines.append(_("Was: %(length)s long") % {"length": duration_words(before["planned_minutes"])})
    lines += [
        _("Was: %(place)s") % {"place": before[name]}
        for name in ("location", "online_url")
        if before.get(name) and before[name] != getattr(series, name)
    ]
    ended = series.ends_on.isoformat() if series.ends_on else ""
    if before.get("ends_on") and before["ends_on"] != ended:
        lines.append(_("Was to end: %(day)s") % {"day": day_words(date.fromisoformat(before["ends_on"]))})
    lines += _reason(notice)
    return "\n\n".join(part for part in ("\n".join(lines), _body(notice)) if part)


def _ended_body(notice: Notice) -> str:
    return "\n".join(
        [
            _("No further meeting of this series is held. What was held stays in your calendar."),
            *_reason(notice),
        ]
    )


def _withdrawn_body(notice: Notice) -> str:
    return "\n".join(
        [
            _("The series goes on without you; nothing is left for you to do."),
            *_reason(notice),
        ]
    )


def _reason(notice: Notice) -> list[str]:
    reason = notice.params.get("reason")
    return [_("Reason: %(reason)s") % {"reason": reason}] if reason else []


# --- the calendar entry ---------------------------------------------------------------------------------
def _request(notice: Notice) -> list[Attachment]:
    series = _series(notice)
    regular = Occurrences.of(series).regular(timezone.now())
    return _attached(notice, calendar.REQUEST, list(regular.values()))


def _end(notice: Notice) -> list[Attachment]:
    """Cancelled when nothing was held with this person; else the entry ends with the last meeting that was."""
    series = _series(notice)
    alone = [Participant(user=notice.recipient)]
    held = (
        Participant.objects.filter(user=notice.recipient_id, meeting__series=series)
        .exclude(meeting__status__in=[Meeting.Status.CANCELLED, Meeting.Status.DRAFT])
        .order_by("-meeting__occurs_at")
        .values_list("meeting__occurs_at", flat=True)
        .first()
    )
    if held is None:
        return _attached(notice, calendar.CANCEL, alone)
    return _attached(notice, calendar.REQUEST, alone, ends_at=held.astimezone(UTC))


def _attached(
    notice: Notice, method: str, participants: list[Participant], ends_at: datetime | None = None
) -> list[Attachment]:
    content = calendar_series.entry(
        series=_series(notice),
        method=method,
        participants=participants,
        stamped_at=notice.due_at,
        reader=notice.recipient,
        sequence=notice.params.get("sequence"),
        ends_at=ends_at,
    )
    return [Attachment(content.decode(), f"text/calendar; charset=utf-8; method={method}")]


# --- kinds ------------------------------------------------------------------------------------------------
def register() -> None:
    kinds.register(
        Kind(
            code=SERIES_INVITED,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Invitation to a series"),
            icon="calendar-plus",
            title=lambda notice: _("Invitation to a series: %(title)s") % {"title": _series(notice).title},
            body=_body,
            url=_url,
            button=gettext_lazy("Open the series"),
            is_wanted=_takes_part,
            attachments=_request,
            related=("host",),
            reply_to=reply_to,
        )
    )
    kinds.register(
        Kind(
            code=SERIES_CHANGED,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Series changed"),
            icon="calendar-time",
            title=lambda notice: _("Series changed: %(title)s") % {"title": _series(notice).title},
            body=_changed_body,
            url=_url,
            button=gettext_lazy("Open the series"),
            is_wanted=_takes_part,
            attachments=_request,
            related=("host",),
            reply_to=reply_to,
        )
    )
    kinds.register(
        Kind(
            code=SERIES_WITHDRAWN,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Invitation to a series withdrawn"),
            icon="calendar-event",
            title=lambda notice: (
                _("You are not invited to the series any more: %(title)s") % {"title": _series(notice).title}
            ),
            closed_title=lambda notice: (
                _("You are not invited to the series any more: %(title)s") % notice.params
                if "title" in notice.params
                else ""
            ),
            body=_withdrawn_body,
            url=_no_url,
            button=gettext_lazy("My meetings"),
            is_wanted=_takes_no_part,
            attachments=_end,
            related=("host",),
            reply_to=reply_to,
        )
    )
    kinds.register(
        Kind(
            code=SERIES_ENDED,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Series ended"),
            icon="calendar-event",
            title=lambda notice: _("Series ended: %(title)s") % {"title": _series(notice).title},
            body=_ended_body,
            url=_no_url,
            button=gettext_lazy("My meetings"),
            is_wanted=_takes_no_part,
            attachments=_end,
            related=("host",),
            reply_to=reply_to,
        )
    )
