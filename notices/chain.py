"""Passing on what was meant for somebody who has left: an obligation does not end with its bearer.

The notice itself is suppressed. What it asked for is promised once to the next above who may read the record: the heads
of the person's departments, else the hosts, else the executives, else the administrators.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices import kinds, queries, services
from notices.kinds import Category, Kind
from notices.models import Notice
from people import queries as people
from people.models import Membership, User

CODE = "notices.orphaned"


def register() -> None:
    kinds.register(
        Kind(
            code=CODE,
            label=_("Nobody there to do it"),
            icon="user",
            category=Category.ACTIONS,
            is_required=True,
            is_wanted=_is_still_open,
            title=lambda notice: (
                gettext("%(name)s has left; somebody else has to see to it: %(what)s")
                % {"name": notice.params["name"], "what": _words_of_original(notice)}
            ),
            closed_title=lambda notice: (
                gettext("%(name)s has left, and something was asked of them")
                % {"name": notice.params["name"]}
            ),
            body=lambda notice: (
                gettext(
                    "This was to be told to %(name)s, who cannot log in any more. Give it to somebody else."
                )
                % {"name": notice.params["name"]}
            ),
            url=lambda notice: _as_original(notice).behaviour.url(_as_original(notice)),
        )
    )


def pass_up(notices: Sequence[Notice]) -> int:
    """Promise to the next above what these suppressed notices asked for; returns how many promises that makes.

    Once for each record and person who left. Call it in the transaction that suppresses them; their recipient and
    subject are loaded.
    """
    made = 0
    for notice in notices:
        subject = notice.subject
        if subject is None or not _asks_for_something(notice) or _is_passed_on(notice):
            continue
        for person in _next_above(notice):
            services.promise(
                recipient=person,
                subject=subject,
                kind=CODE,
                due_at=notice.due_at,
                send_at=notice.send_at,
                params={
                    "name": notice.recipient.name,
                    "person": notice.recipient_id,
                    "kind": notice.kind,
                    "params": notice.params,
                },
            )
            made += 1
    return made


def _asks_for_something(notice: Notice) -> bool:
    kind = notice.behaviour
    return kind.is_duty and kind.code != CODE and kind.is_wanted(notice)


def _next_above(notice: Notice) -> list[User]:
    for level in _levels(notice.recipient):
        if readers := [person for person in level if queries.readable([notice], person)]:
            return readers
    # Nobody may read it: the administrators hear that there is something, not what.
    return list(people.with_role(User.Role.ADMIN))


def _levels(person: User) -> Iterator[list[User]]:
    heads = User.objects.active().filter(
        memberships__role__in=Membership.HEADS, memberships__department__memberships__user=person
    )
    yield list(heads.exclude(pk=person.pk).distinct().by_name())
    for role in (User.Role.HOST, User.Role.EXECUTIVE, User.Role.ADMIN):
        yield list(people.with_role(role))


def _is_passed_on(notice: Notice) -> bool:
    return Notice.objects.filter(
        subject_type=notice.subject_type_id,
        subject_id=notice.subject_id,
        kind=CODE,
        params__person=notice.recipient_id,
    ).exists()


def _is_still_open(notice: Notice) -> bool:
    """Unless the person came back, or the record asks for nothing any more."""
    if User.objects.active().filter(pk=notice.params["person"]).exists():
        return False
    original = _as_original(notice)
    return original.behaviour.is_wanted(original)


def _words_of_original(notice: Notice) -> str:
    original = _as_original(notice)
    return original.behaviour.title(original)


def _as_original(notice: Notice) -> Notice:
    """The notice as it would have been for the person who left; never saved."""
    original = copy.copy(notice)
    original.__dict__.pop("behaviour", None)
    original.kind, original.params = notice.params["kind"], notice.params["params"]
    original.recipient_id = notice.params["person"]
    return original
