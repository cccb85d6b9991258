"""Whom the terms of an action are told about, and in which words: deadlines asked for, actions split and merged."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from actions.judging import judges
from actions.models import Action, DeadlineRequest
from core.templatetags.times import moment_words
from notices import kinds
from notices import services as notices
from notices.kinds import Category, Kind
from notices.models import Notice
from notices.planning import Wanted
from people.models import User

ASKED, REFUSED = "actions.deadline_asked", "actions.deadline_refused"
SPLIT, MERGED = "actions.split", "actions.merged"


def ask(*, request: DeadlineRequest, now: datetime) -> None:
    """Whoever accepts the action is to answer."""
    notices.promise_all(
        Wanted(
            recipient=judge,
            subject=request.action,
            kind=ASKED,
            due_at=now,
            params={"request": request.pk},
        )
        for judge in judges(request.action)
    )


def answer(*, request: DeadlineRequest, now: datetime) -> None:
    """That it stays; that it moves is told as every move is."""
    if request.asked_by.is_active:
        notices.tell(
            recipient=request.asked_by,
            subject=request.action,
            kind=REFUSED,
            at=now,
            params={"request": request.pk},
        )


def tell_split(*, action: Action, made: Sequence[Action], reason: str, by: User, now: datetime) -> None:
    """Owner and acceptor of the old action; the owners of the new ones hear of theirs."""
    params = {"numbers": [one.reference for one in made], "reason": reason, "name": by.name}
    _tell(action, SPLIT, by=by, now=now, params=params)


def tell_merged(*, action: Action, into: Action, reason: str, by: User, now: datetime) -> None:
    """Who had either of them; by number alone, because not everybody may read both."""
    params = {"from": action.reference, "into": into.reference, "reason": reason, "name": by.name}
    told = {by}
    for one in (action, into):
        told |= _tell(one, MERGED, by=by, now=now, params=params, without=told)


def _tell(
    action: Action,
    kind: str,
    *,
    by: User,
    now: datetime,
    params: dict[str, Any],
    without: Collection[User] = (),
) -> set[User]:
    people = {
        person
        for person in (action.owner, action.acceptor)
        if person is not None and person.is_active and person != by and person not in without
    }
    notices.promise_all(
        Wanted(recipient=person, subject=action, kind=kind, due_at=now, params=params)
        for person in sorted(people, key=lambda person: person.pk)
    )
    return people


def forget(*, action: Action) -> None:
    notices.withdraw(subject=action, kinds=[ASKED])


# --- words ----------------------------------------------------------------------------------------------------
def _request(notice: Notice) -> DeadlineRequest | None:
    return (
        DeadlineRequest.objects.filter(pk=notice.params.get("request"))
        .select_related("asked_by", "answered_by")
        .first()
    )


def _is_open(notice: Notice) -> bool:
    return DeadlineRequest.objects.filter(
        pk=notice.params.get("request"), state=DeadlineRequest.State.OPEN
    ).exists()


def _asked_body(notice: Notice) -> str:
    request = _request(notice)
    if request is None:
        return ""
    return "\n\n".join(
        (
            _("%(name)s asks for another deadline: %(new)s instead of %(old)s.")
            % {
                "name": request.asked_by.name,
                "new": moment_words(request.new_due_at),
                "old": moment_words(request.old_due_at),
            },
            request.reason,
            _("Agree, or say why the deadline stays."),
        )
    )


def _refused_body(notice: Notice) -> str:
    request = _request(notice)
    if request is None or request.answered_by is None:
        return ""
    sentence = _("%(name)s has answered: the deadline stays on %(old)s.") % {
        "name": request.answered_by.name,
        "old": moment_words(request.old_due_at),
    }
    return f"{sentence}\n\n{request.answer}"


def _split_body(notice: Notice) -> str:
    numbers = pgettext("between names", ", ").join(notice.params.get("numbers", []))
    sentence = _("%(name)s has made several actions of it. New: %(numbers)s.") % {
        "name": notice.params.get("name", ""),
        "numbers": numbers,
    }
    return f"{sentence}\n\n{notice.params.get('reason', '')}"


def _merged_body(notice: Notice) -> str:
    sentence = _("%(name)s has merged %(one)s into %(other)s, which goes on with the criteria of both.") % {
        "name": notice.params.get("name", ""),
        "one": notice.params.get("from", ""),
        "other": notice.params.get("into", ""),
    }
    return f"{sentence}\n\n{notice.params.get('reason', '')}"


def _url(notice: Notice) -> str:
    return reverse("actions:detail", args=[notice.subject_id])


def _owner(notice: Notice) -> User | None:
    return cast("Action", notice.subject).owner


ALL: Sequence[Kind] = (
    Kind(
        code=ASKED,
        label=gettext_lazy("Another deadline is asked for"),
        icon="calendar-time",
        is_wanted=_is_open,
        title=lambda notice: (
            _("%(name)s asks for another deadline: %(title)s")
            % {"name": _owner(notice), "title": notice.subject}
        ),
        body=_asked_body,
        url=_url,
        related=("owner",),
        category=Category.ACTIONS,
    ),
    Kind(
        code=REFUSED,
        label=gettext_lazy("The deadline stays"),
        icon="calendar-time",
        is_wanted=lambda notice: cast("Action", notice.subject).is_open,
        title=lambda notice: _("The deadline stays: %(title)s") % {"title": notice.subject},
        body=_refused_body,
        url=_url,
        category=Category.ACTIONS,
    ),
    Kind(
        code=SPLIT,
        label=gettext_lazy("Action split"),
        icon="share",
        title=lambda notice: _("Split: %(title)s") % {"title": notice.subject},
        body=_split_body,
        url=_url,
        category=Category.ACTIONS,
    ),
    Kind(
        code=MERGED,
        label=gettext_lazy("Actions merged"),
        icon="replace",
        title=lambda notice: _("Merged: %(title)s") % {"title": notice.subject},
        body=_merged_body,
        url=_url,
        category=Category.ACTIONS,
    ),
)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
