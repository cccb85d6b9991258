"""The words of the ladder of reminders. Called with the recipient's language and time zone active."""

from datetime import timedelta
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions import facts
from actions.ladder import AHEAD, LATE, LATE_OF_OTHERS, RELATED, Ladder
from actions.models import Action
from core.templatetags.times import duration_words, moment_words
from notices import together
from notices.kinds import Category, Kind
from notices.models import Notice


def _action(notice: Notice) -> Action:
    return cast("Action", notice.subject)


def is_on_a_rung(notice: Notice) -> bool:
    """Whether the ladder, the action and the people on it still ask for exactly this notice."""
    return together.once(Ladder).asks_for(
        _action(notice), recipient_id=notice.recipient_id, kind=notice.kind, at=notice.due_at
    )


def _words(notice: Notice) -> dict[str, str]:
    action = _action(notice)
    distance = abs(notice.due_at - action.due_at) if action.due_at else timedelta(0)
    return {
        "title": action.title,
        "owner": action.owner.name if action.owner else "",
        "when": moment_words(action.due_at) if action.due_at else "",
        "time": duration_words(distance),
    }


def _is_the_moment(notice: Notice) -> bool:
    return notice.due_at == _action(notice).due_at


def _late_title(notice: Notice) -> str:
    words = _("Due now: %(title)s") if _is_the_moment(notice) else _("Late by %(time)s: %(title)s")
    return words % _words(notice)


def _late_title_of_others(notice: Notice) -> str:
    if _is_the_moment(notice):
        return _("%(owner)s has not handed in: %(title)s") % _words(notice)
    return _("%(owner)s is late by %(time)s: %(title)s") % _words(notice)


def _url(notice: Notice) -> str:
    return reverse("actions:detail", args=[notice.subject_id])


ALL = (
    Kind(
        code=AHEAD,
        label=gettext_lazy("Deadline ahead"),
        icon="clock",
        category=Category.REMINDERS,
        deadline=lambda notice: _action(notice).due_at,
        is_wanted=is_on_a_rung,
        title=lambda notice: _("Due in %(time)s: %(title)s") % _words(notice),
        body=lambda notice: facts.after(_("Its deadline is %(when)s.") % _words(notice), _action(notice)),
        url=_url,
        related=RELATED,
        prefetch=("criteria",),
    ),
    Kind(
        code=LATE,
        label=gettext_lazy("Deadline missed"),
        icon="alert-triangle",
        category=Category.REMINDERS,
        deadline=lambda notice: _action(notice).due_at,
        is_wanted=is_on_a_rung,
        title=_late_title,
        body=lambda notice: facts.after(
            _("The deadline has passed. Hand it in, or give a new deadline with the reason."), _action(notice)
        ),
        url=_url,
        related=RELATED,
        prefetch=("criteria",),
    ),
    Kind(
        code=LATE_OF_OTHERS,
        label=gettext_lazy("Deadline missed in your department"),
        icon="alert-triangle",
        category=Category.REMINDERS,
        deadline=lambda notice: _action(notice).due_at,
        is_wanted=is_on_a_rung,
        title=_late_title_of_others,
        body=lambda notice: facts.after(
            _("The deadline has passed. Ask what holds it up, or agree on a new one."), _action(notice)
        ),
        url=_url,
        related=(*RELATED, "department"),
        prefetch=("criteria",),
    ),
)
