"""The words of the notices about a meeting, in the recipient's language, and the calendar entry that goes along.

Those about a series are in invitations_series.
"""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.times import duration_words, moment_words
from meetings import agenda, calendar
from meetings.models import Meeting, Participant, Series
from meetings.queries import confidential
from meetings.services.invite import CANCELLED, CHANGED, INVITED, WITHDRAWN
from notices import kinds
from notices.kinds import Attachment, Category, Kind
from notices.models import Notice


def _meeting(notice: Notice) -> Meeting:
    """What the notice is about; its hooks are not called once the record is gone."""
    meeting = notice.subject
    assert isinstance(meeting, Meeting)
    return meeting


def reply_to(notice: Notice) -> str:
    """Where an answer written by hand goes: to the mailbox that the site reads, else to the host."""
    subject = notice.subject
    assert isinstance(subject, Meeting | Series)
    return calendar.reply_address() or subject.host.email


# --- who is still to be told ----------------------------------------------------------------------------
def _is_invited(notice: Notice) -> bool:
    meeting = _meeting(notice)
    return (
        meeting.status
        in (
            Meeting.Status.SCHEDULED,
            Meeting.Status.IN_PROGRESS,
        )
        and _participant(notice) is not None
    )


def _is_left_out(notice: Notice) -> bool:
    return _meeting(notice).status == Meeting.Status.SCHEDULED and _participant(notice) is None


def _is_cancelled(notice: Notice) -> bool:
    return _meeting(notice).status == Meeting.Status.CANCELLED


def _participant(notice: Notice) -> Participant | None:
    return Participant.objects.filter(meeting=notice.subject_id, user=notice.recipient_id).first()


# --- words ------------------------------------------------------------------------------------------------
def _url(notice: Notice) -> str:
    return _meeting(notice).get_absolute_url()


def _no_url(notice: Notice) -> str:
    return "/meetings/"


def _body(notice: Notice) -> str:
    """When, where, who asks, and the agenda with clock times."""
    meeting = _meeting(notice)
    lines = [
        *_when_and_where(meeting, notice),
        _("Host: %(name)s") % {"name": meeting.host.name},
    ]
    if meeting.period:
        lines.append(_("Period under review: %(period)s") % {"period": meeting.period.label})
    if participant := _participant(notice):
        lines.append(_("Your role: %(role)s") % {"role": participant.get_role_display()})
    return "\n\n".join(
        part for part in ("\n".join(lines), meeting.note.strip(), _agenda(meeting, notice)) if part
    )


def _when_and_where(meeting: Meeting, notice: Notice) -> list[str]:
    lines = _when(meeting, notice)
    if meeting.location:
        lines.append(_("Where: %(place)s") % {"place": meeting.location})
    if meeting.online_url:
        lines.append(_("Join: %(url)s") % {"url": meeting.online_url})
    return lines


def _when(meeting: Meeting, notice: Notice) -> list[str]:
    lines = [
        _("When: %(time)s, %(length)s")
        % {
            "time": moment_words(meeting.starts_at, notice.recipient),
            "length": duration_words(meeting.planned_minutes),
        }
    ]
    if meeting.time_zone != notice.recipient.time_zone:
        lines.append(
            _("On the meeting's clock: %(time)s")
            % {"time": moment_words(meeting.starts_at, meeting.time_zone)}
        )
    return lines


def _agenda(meeting: Meeting, notice: Notice) -> str:
    items = confidential.masked(meeting.items.in_order(), notice.recipient)
    times = agenda.timings(agenda.slots(items), meeting.starts_at.astimezone(notice.recipient.zone))
    lines = [
        f"{time.starts_at:%H:%M}–{time.ends_at:%H:%M}  {item.title}"
        for item, time in zip(items, times, strict=True)
    ]
    return "\n".join([_("Agenda"), *lines]) if lines else ""


def _changed_body(notice: Notice) -> str:
    """What was, what is, and why; the old time in the same words as the new one."""
    meeting = _meeting(notice)
    before = _before(notice)
    lines = []
    old_start = _moment(before.get("starts_at"))
    if old_start and old_start != meeting.starts_at:
        lines.append(_("Was: %(time)s") % {"time": moment_words(old_start, notice.recipient)})
    old_length = before.get("planned_minutes")
    if old_length and old_length != meeting.planned_minutes:
        lines.append(_("Was: %(length)s long") % {"length": duration_words(old_length)})
    for field in ("location", "online_url"):
        old = before.get(field, "")
        if old and old != getattr(meeting, field):
            lines.append(_("Was: %(place)s") % {"place": old})
    old_role = before.get("role")
    if old_role in Participant.Role.values and old_role != notice.params.get("facts", {}).get("role"):
        lines.append(_("Your role was: %(role)s") % {"role": Participant.Role(old_role).label})
    if notice.params.get("reason"):
        lines.append(_("Reason: %(reason)s") % {"reason": notice.params["reason"]})
    return "\n\n".join(part for part in ("\n".join(lines), _body(notice)) if part)


def _cancelled_body(notice: Notice) -> str:
    meeting = _meeting(notice)
    lines = _when_and_where(meeting, notice)
    if meeting.cancel_reason:
        lines.append(_("Reason: %(reason)s") % {"reason": meeting.cancel_reason})
    return "\n".join(lines)


def _withdrawn_body(notice: Notice) -> str:
    """Without the place and the link: they may be newer than the invitation."""
    meeting = _meeting(notice)
    return "\n".join(
        [
            *_when(meeting, notice),
            _("The meeting takes place without you; nothing is left for you to do."),
        ]
    )


def _before(notice: Notice) -> dict[str, Any]:
    """What the person was told last time; notices of earlier versions keep it beside the reason."""
    found: dict[str, Any] = notice.params.get("before") or notice.params
    return found


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else None


# --- the calendar entry ---------------------------------------------------------------------------------
def _request(notice: Notice) -> list[Attachment]:
    meeting = _meeting(notice)
    return _entry(
        notice, calendar.REQUEST, calendar.sequence_of(meeting), list(meeting.participants.in_order())
    )


def _cancel_for_all(notice: Notice) -> list[Attachment]:
    meeting = _meeting(notice)
    return _entry(
        notice, calendar.CANCEL, calendar.sequence_of(meeting), list(meeting.participants.in_order())
    )


def _cancel_for_one(notice: Notice) -> list[Attachment]:
    alone = Participant(meeting=_meeting(notice), user=notice.recipient)
    return _entry(
        notice,
        calendar.CANCEL,
        notice.params.get("sequence", calendar.sequence_of(_meeting(notice)) + 1),
        [alone],
    )


def _entry(notice: Notice, method: str, sequence: int, participants: list[Participant]) -> list[Attachment]:
    content = calendar.entry(
        meeting=_meeting(notice),
        method=method,
        sequence=sequence,
        participants=participants,
        stamped_at=notice.due_at,
    )
    return [Attachment(content.decode(), f"text/calendar; charset=utf-8; method={method}")]


# --- kinds ------------------------------------------------------------------------------------------------
def register() -> None:
    kinds.register(
        Kind(
            code=INVITED,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Invitation"),
            icon="calendar-plus",
            title=lambda notice: _("Invitation: %(title)s") % {"title": _meeting(notice).title},
            body=_body,
            url=_url,
            button=gettext_lazy("Open and reply"),
            is_wanted=_is_invited,
            attachments=_request,
            related=("host", "series"),
            reply_to=reply_to,
        )
    )
    kinds.register(
        Kind(
            code=CHANGED,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Meeting changed"),
            icon="calendar-time",
            title=_changed_title,
            body=_changed_body,
            url=_url,
            button=gettext_lazy("Open and reply"),
            is_wanted=_is_invited,
            attachments=_request,
            related=("host", "series"),
            reply_to=reply_to,
        )
    )
    kinds.register(
        Kind(
            code=WITHDRAWN,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Invitation withdrawn"),
            icon="calendar-event",
            title=lambda notice: (
                _("You are not invited any more: %(title)s") % {"title": _meeting(notice).title}
            ),
            closed_title=lambda notice: (
                _("You are not invited any more: %(title)s") % notice.params
                if "title" in notice.params
                else ""
            ),
            body=_withdrawn_body,
            url=_no_url,
            button=gettext_lazy("My meetings"),
            is_wanted=_is_left_out,
            attachments=_cancel_for_one,
            related=("host", "series"),
            reply_to=reply_to,
        )
    )
    kinds.register(
        Kind(
            code=CANCELLED,
            category=Category.MEETINGS,
            is_required=True,
            label=gettext_lazy("Meeting cancelled"),
            icon="calendar-event",
            title=lambda notice: _("Cancelled: %(title)s") % {"title": _meeting(notice).title},
            body=_cancelled_body,
            url=_url,
            is_wanted=_is_cancelled,
            attachments=_cancel_for_all,
            related=("host", "series"),
            reply_to=reply_to,
        )
    )


def _changed_title(notice: Notice) -> str:
    meeting = _meeting(notice)
    old_start = _moment(_before(notice).get("starts_at"))
    if old_start and old_start != meeting.starts_at:
        return _("New time: %(title)s") % {"title": meeting.title}
    return _("Changed: %(title)s") % {"title": meeting.title}
