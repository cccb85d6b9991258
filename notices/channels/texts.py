"""What a message to a robot says: the words of its notice, as its readers may read it at this moment."""

from __future__ import annotations

import copy
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from notices import entries, kinds, queries
from notices.channels.base import Message
from notices.letters import one_line, site_url
from notices.models import Endpoint, Notice, Post
from people.models import User, UserQuerySet

# A group with more people than these is not looked through person by person: it reads the neutral words.
MOST_READERS = 300
MOST_NAMES = 5
REFERENCE_LENGTH = 12


def compose(post: Post) -> Message | None:
    """The message as it is true now; None when nobody is to be told of it any more.

    Raises whatever the hooks of its kind raise.
    """
    endpoint = post.endpoint
    person = endpoint.person
    language = person.language if person else endpoint.language
    with translation.override(language), timezone.override(person.zone if person else settings.TIME_ZONE):
        notices = [notice for notice in _alike(post) if notice.behaviour.is_wanted(notice)]
        if not notices:
            return None
        spoken = next((notice for notice in notices if notice.pk == post.notice_id), notices[0])
        return _message(post, spoken, notices, language, is_open=is_open_to(endpoint, spoken))


def is_open_to(endpoint: Endpoint, notice: Notice) -> bool:
    """Whether everybody who reads there may read what the notice is about."""
    people = list(readers(endpoint)[: MOST_READERS + 1])
    if not people or len(people) > MOST_READERS:
        return False
    if endpoint.person_id is None and not has_door(notice):
        return False
    # Those who see least come first, so that a closed record is mostly found with the first of them.
    people.sort(key=lambda person: len(person.roles))
    return all(notice.pk in queries.readable([notice], person) for person in people)


def has_door(notice: Notice) -> bool:
    """Whether it can be said of each person if they may read the subject; without that nothing goes to a group."""
    if notice.subject is None:
        return False
    rows: Any = type(notice.subject)._default_manager.all()  # noqa: SLF001 - Django's documented model API
    return notice.behaviour.may_read is not None or hasattr(rows, "visible_to")


def readers(endpoint: Endpoint) -> UserQuerySet:
    active = User.objects.active().order_by("pk")
    if endpoint.person_id is not None:
        return active.filter(pk=endpoint.person_id)
    if endpoint.department_id is not None:
        return active.filter(memberships__department=endpoint.department_id)
    return active


def _alike(post: Post) -> list[Notice]:
    """The notices that tell the same to people of this endpoint, without those that are void."""
    same = Notice.objects.filter(
        subject_type=post.subject_type_id, subject_id=post.subject_id, kind=post.kind, due_at=post.due_at
    ).exclude(state__in=Notice.WITHDRAWN_STATES)
    endpoint = post.endpoint
    if endpoint.person_id is not None:
        same = same.filter(recipient=endpoint.person_id)
    elif endpoint.department_id is not None:
        same = same.filter(
            Q(pk=post.notice_id) | Q(recipient__memberships__department=endpoint.department_id)
        ).distinct()
    rows = same.filter(recipient__is_active=True).select_related("recipient").order_by("pk")
    return [notice for notice in queries.with_subjects(rows) if notice.subject is not None]


def _message(post: Post, notice: Notice, notices: list[Notice], language: str, *, is_open: bool) -> Message:
    kind = notice.behaviour
    is_own = post.endpoint.person_id is not None
    path = reverse("notices:open", args=[notice.pk]) if is_own else kind.url(notice)
    names = () if is_own or not is_open else _names(notices)
    title, body = entries.closed_title(notice), ""
    if is_open:
        title, body = (kind.title(notice), kind.body(notice)) if is_own else _common(post.endpoint, notice)
    return Message(
        title=one_line(title),
        body=body,
        url=site_url(path if is_open else reverse("notices:list")),
        button=str(kind.button),
        label=str(kind.label),
        at=post.due_at,
        reference=post.key.hex[:REFERENCE_LENGTH],
        key=str(post.key),
        language=language,
        kind=post.kind,
        people=names,
        is_emergency=kind.priority <= kinds.Priority.EMERGENCY,
    )


def _common(endpoint: Endpoint, notice: Notice) -> tuple[str, str]:
    """Title and body for a group: the lines that each of its readers would read if they were told themselves.

    Words are made for one recipient: an agenda names to them the items that are closed to others. What is not the same
    for everybody is left out; a title becomes the name of the kind then.
    """
    kind = notice.behaviour
    title, body = _worded(notice, notice.recipient, endpoint)
    for person in readers(endpoint):
        said, lines = _worded(notice, person, endpoint)
        if said != title:
            title = str(kind.label)
        body = [line for line in body if not line or line in lines]
    return title, "\n".join(body).strip()


def _worded(notice: Notice, person: User, endpoint: Endpoint) -> tuple[str, list[str]]:
    """As if this person were told, by the clock and in the language of the group."""
    told, reader = copy.copy(notice), copy.copy(person)
    reader.time_zone, reader.language = settings.TIME_ZONE, endpoint.language
    told.recipient = reader
    kind = told.behaviour
    return kind.title(told), kind.body(told).splitlines()


def _names(notices: list[Notice]) -> tuple[str, ...]:
    names = [one_line(notice.recipient.name) for notice in notices[:MOST_NAMES]]
    more = len(notices) - len(names)
    return tuple(names + ([_("%(count)d more") % {"count": more}] if more else []))


def trial(endpoint: Endpoint, *, key: str) -> Message:
    """What the test button sends."""
    person = endpoint.person
    language = person.language if person else endpoint.language
    with translation.override(language):
        return Message(
            title=_("A trial message from Fupan"),
            body=_("If you can read this, messages reach this place. There is nothing to do."),
            url=site_url(reverse("notices:endpoints")),
            button=_("Open in Fupan"),
            label=_("Trial"),
            at=timezone.now(),
            reference=key.replace("-", "")[:REFERENCE_LENGTH],
            key=key,
            language=language,
            kind="notices.trial",
        )
