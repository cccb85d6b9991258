"""What people are told about blockers: who is asked for help, what was answered, that it waits, that it is over.

An action on a confidential item is told only to those who may read it, by mail as on the pages.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.models import Action, Blocker
from core.templatetags.times import moment_words
from meetings.models import Meeting
from notices import kinds
from notices import services as notices
from notices.kinds import Category, Kind
from notices.models import Notice
from notices.planning import Wanted
from people import queries as people_queries
from people.models import User

OF_OPEN_BLOCKERS = ("actions.blocked", "actions.help_answered", "actions.help_offered", "actions.help_waits")


# --- promises -------------------------------------------------------------------------------------------------
def helpers(blocker: Blocker) -> list[User]:
    """Who is to answer: the person asked, else the heads of the department asked; those who may read the action."""
    if blocker.needs_person is not None:
        asked = [blocker.needs_person] if blocker.needs_person.is_active else []
    else:
        asked = list(people_queries.leads(blocker.needs_department)) if blocker.needs_department else []
    return [person for person in asked if may_read(person, blocker.action)]


def may_read(person: User, action: Action) -> bool:
    return Action.objects.visible_to(person).filter(pk=action.pk).exists()


def tell_helpers(*, blocker: Blocker, now: datetime) -> None:
    _tell(
        (person for person in helpers(blocker) if person != blocker.by),
        blocker.action,
        "actions.blocked",
        now,
    )


def tell_answered(*, blocker: Blocker, now: datetime) -> None:
    """The owner, and whoever asked for them."""
    _tell(_waiting(blocker), blocker.action, "actions.help_answered", now, blocker=blocker.pk)


def tell_offered(*, blocker: Blocker, now: datetime) -> None:
    notices.withdraw(subject=blocker.action, kinds=["actions.help_answered"])
    _tell(_waiting(blocker), blocker.action, "actions.help_offered", now, blocker=blocker.pk)


def tell_lifted(*, action: Action, by: User, now: datetime) -> None:
    if action.owner is not None:
        _tell([action.owner], action, "actions.help_lifted", now, name=by.name)


def tell_raised(*, blocker: Blocker, meeting: Meeting, now: datetime) -> None:
    """Whoever has not answered learns that it will be asked in the meeting."""
    _tell(
        helpers(blocker), blocker.action, "actions.help_raised", now, meeting=meeting.pk, blocker=blocker.pk
    )


def tell_nowhere(*, blocker: Blocker, hosts: Iterable[User], asked_at: datetime) -> None:
    """No meeting is planned that could take it up: the host is told, once."""
    _tell(hosts, blocker.action, "actions.help_waits", asked_at, blocker=blocker.pk)


def forget(*, action: Action) -> None:
    notices.withdraw(subject=action, kinds=OF_OPEN_BLOCKERS)


def _waiting(blocker: Blocker) -> list[User]:
    people = dict.fromkeys(one for one in (blocker.action.owner, blocker.by) if one is not None)
    return [person for person in people if person.is_active and person != blocker.answered_by]


def _tell(people: Iterable[User], action: Action, kind: str, at: datetime, **params: object) -> None:
    notices.promise_all(
        Wanted(recipient=person, subject=action, kind=kind, due_at=at, params=params) for person in people
    )


# --- words ----------------------------------------------------------------------------------------------------
def _action(notice: Notice) -> Action:
    return cast("Action", notice.subject)


def _open_blocker(notice: Notice) -> Blocker | None:
    found = _action(notice).blockers.filter(lifted_at=None)
    if "blocker" in notice.params:
        found = found.filter(pk=notice.params["blocker"])
    return found.select_related("by", "answered_by", "needs_person", "needs_department").first()


def _is_open(notice: Notice) -> bool:
    return _open_blocker(notice) is not None


def _is_unanswered(notice: Notice) -> bool:
    blocker = _open_blocker(notice)
    return blocker is not None and blocker.answered_at is None


def _is_offered(notice: Notice) -> bool:
    blocker = _open_blocker(notice)
    return blocker is not None and blocker.offered_at is not None


def _body(notice: Notice, *sentences: str) -> str:
    """The sentences, then what blocks which action."""
    action, blocker = _action(notice), _open_blocker(notice)
    lines = [f"{action.reference}  {action.title}"]
    if blocker is not None:
        lines.append(_("What blocks it: %(reason)s") % {"reason": blocker.reason})
        if blocker.wanted_by is not None:
            lines.append(_("Help wanted by: %(when)s") % {"when": moment_words(blocker.wanted_by)})
    return "\n\n".join([*(one for one in sentences if one), "\n".join(lines)])


def _blocked_body(notice: Notice) -> str:
    blocker = _open_blocker(notice)
    if blocker is None:
        return _body(notice)
    asks = _("%(name)s cannot go on and asks for your help.") % {"name": blocker.by.name}
    how = _(
        "Say what you will do and until when. Without an answer within 48 hours it goes on the next agenda by itself."
    )
    return _body(notice, asks, how)


def _answered_body(notice: Notice) -> str:
    blocker = _open_blocker(notice)
    if blocker is None or blocker.answered_by is None:
        return _body(notice)
    said = f"{blocker.answered_by.name}: {blocker.answer}"
    until = _("Promised by: %(when)s") % {"when": moment_words(blocker.helps_by)} if blocker.helps_by else ""
    return _body(notice, said, until)


def _offered_body(notice: Notice) -> str:
    blocker = _open_blocker(notice)
    said = f"{blocker.answered_by.name}: {blocker.answer}" if blocker and blocker.answered_by else ""
    return _body(
        notice, said, _("If you can go on, say so with one press; if not, say what is still missing.")
    )


def _raised_body(notice: Notice) -> str:
    meeting = Meeting.objects.visible_to(notice.recipient).filter(pk=notice.params.get("meeting")).first()
    words = _("There was no answer within 48 hours; it is on the agenda of the next meeting now.")
    if meeting is not None:
        when = moment_words(meeting.starts_at)
        words = _("There was no answer within 48 hours; it is on the agenda of “%(meeting)s”, %(when)s.") % {
            "meeting": meeting.title,
            "when": when,
        }
    return _body(notice, words)


def _url(notice: Notice) -> str:
    return reverse("actions:detail", args=[notice.subject_id])


KINDS = (
    Kind(
        code="actions.blocked",
        label=gettext_lazy("Your help is needed"),
        icon="hand-stop",
        category=Category.ACTIONS,
        is_wanted=_is_open,
        title=lambda notice: _("Your help is needed: %(title)s") % {"title": notice.subject},
        body=_blocked_body,
        url=_url,
    ),
    Kind(
        code="actions.help_answered",
        label=gettext_lazy("Help is promised"),
        icon="message",
        category=Category.ACTIONS,
        is_wanted=_is_open,
        title=lambda notice: _("Help is promised: %(title)s") % {"title": notice.subject},
        body=_answered_body,
        url=_url,
    ),
    Kind(
        code="actions.help_offered",
        label=gettext_lazy("Blocker said to be solved"),
        icon="circle-check",
        category=Category.ACTIONS,
        is_wanted=_is_offered,
        title=lambda notice: _("Can you go on? %(title)s") % {"title": notice.subject},
        body=_offered_body,
        url=_url,
    ),
    Kind(
        code="actions.help_lifted",
        label=gettext_lazy("Blocker gone"),
        icon="circle-check",
        category=Category.ACTIONS,
        is_wanted=lambda notice: _action(notice).is_owed and _action(notice).status != Action.Status.BLOCKED,
        title=lambda notice: _("No longer blocked: %(title)s") % {"title": notice.subject},
        body=lambda notice: _body(notice, _("%(name)s says that the blocker is gone.") % notice.params),
        url=_url,
    ),
    Kind(
        code="actions.help_raised",
        label=gettext_lazy("Unanswered blocker on an agenda"),
        icon="hand-stop",
        category=Category.ACTIONS,
        is_wanted=_is_unanswered,
        title=lambda notice: (
            _("On the next agenda, because nobody answered: %(title)s") % {"title": notice.subject}
        ),
        body=_raised_body,
        url=_url,
    ),
    Kind(
        code="actions.help_waits",
        label=gettext_lazy("Unanswered blocker"),
        icon="hand-stop",
        category=Category.ACTIONS,
        is_wanted=_is_unanswered,
        title=lambda notice: _("Nobody has answered for 48 hours: %(title)s") % {"title": notice.subject},
        body=lambda notice: _body(
            notice, _("No meeting is planned that could take it up. Speak to those concerned, or plan one.")
        ),
        url=_url,
    ),
)


def register() -> None:
    for kind in KINDS:
        kinds.register(kind)
