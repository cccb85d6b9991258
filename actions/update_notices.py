"""The mail that asks for updates before a progress meeting: one per person, with a link to all of theirs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions.models import Action, UpdateRequest
from core.templatetags.times import moment_words
from meetings.models import Meeting
from notices import kinds
from notices import services as notices
from notices.kinds import Category, Kind
from notices.models import Notice
from notices.planning import Wanted
from people.models import User

AHEAD = timedelta(hours=48)


def ask(*, meeting: Meeting, by_person: Mapping[User, Sequence[int]], now: datetime) -> None:
    """Known by the meeting's start, so that whoever gets one more action after the mail went out gets no second one."""
    notices.promise_all(
        Wanted(
            recipient=person,
            subject=meeting,
            kind="actions.update_wanted",
            due_at=meeting.starts_at,
            send_at=now,
            expires_at=meeting.starts_at,
        )
        for person in by_person
    )


def _open(notice: Notice) -> list[Action]:
    wanted = UpdateRequest.objects.filter(
        meeting=notice.subject_id, person=notice.recipient, answered_at=None
    ).values("action")
    return list(Action.objects.owed().mine(notice.recipient).filter(pk__in=wanted).by_deadline())


def _is_wanted(notice: Notice) -> bool:
    meeting = cast("Meeting", notice.subject)
    return meeting.is_planned and meeting.starts_at == notice.due_at and bool(_open(notice))


def _title(notice: Notice) -> str:
    """It counts what is still open; in the list of notices, once all is said, what was asked."""
    asked = UpdateRequest.objects.filter(meeting=notice.subject_id, person=notice.recipient)
    number = len(_open(notice)) or asked.count()
    return ngettext(
        "How does your action stand? An update before %(when)s",
        "How do your %(number)d actions stand? Updates before %(when)s",
        number,
    ) % {"number": number, "when": moment_words(notice.due_at, with_zone=False)}


def _body(notice: Notice) -> str:
    meeting = cast("Meeting", notice.subject)
    may_read = Meeting.objects.visible_to(notice.recipient).filter(pk=meeting.pk).exists()
    opening = (
        _("“%(meeting)s” goes through them on %(when)s.")
        % {"meeting": meeting.title, "when": moment_words(meeting.starts_at)}
        if may_read
        else _("The progress meeting goes through them on %(when)s.")
        % {"when": moment_words(meeting.starts_at)}
    )
    lines = [
        f"· {action.reference}  {action.title}"
        + (f" · {moment_words(action.due_at, with_zone=False)}" if action.due_at else "")
        for action in _open(notice)
    ]
    how = _("One press for each: in progress, done, not started or blocked. It takes less than a minute.")
    return "\n\n".join([opening, "\n".join(lines), how])


def _those_asked(user: User, ids: set[int]) -> set[int]:
    """Of these meetings, those before which somebody was asked: owners need not be invited."""
    asked = UpdateRequest.objects.filter(meeting__in=ids, person=user)
    return set(asked.values_list("meeting", flat=True))


def register() -> None:
    kinds.register(
        Kind(
            code="actions.update_wanted",
            label=gettext_lazy("Updates wanted"),
            button=gettext_lazy("Give the updates"),
            icon="message",
            category=Category.ACTIONS,
            is_wanted=_is_wanted,
            title=_title,
            body=_body,
            url=lambda notice: reverse("actions:updates"),
            may_read=_those_asked,
        )
    )
