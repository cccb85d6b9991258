"""Reading endpoints and what was sent to them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, When
from django.utils.translation import gettext as _

from notices import channels, entries, queries
from notices.channels import ledger, services, texts
from notices.models import Endpoint, EndpointQuerySet, Post
from people.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """One message as its page shows it; the words only to whoever may read what it is about now."""

    post: Post
    label: str
    title: str
    reference: str
    payload: str
    is_open: bool
    meaning: str
    # What came back; receivers may repeat in it what they were told.
    answer: str

    @property
    def may_go_again(self) -> bool:
        return self.post.state in services.MAY_GO_AGAIN and self.post.endpoint.is_active


def listed(user: User) -> EndpointQuerySet:
    """The endpoints that the person looks after: their own, then departments', then the company's."""
    rank = Case(
        When(person__isnull=False, then=0), When(department__isnull=False, then=1), default=2,
        output_field=IntegerField(),
    )  # fmt: skip
    return (
        Endpoint.objects.visible_to(user)
        .select_related("person", "department")
        .annotate(
            waiting=Count("posts", filter=Q(posts__state=Post.State.PENDING), distinct=True),
            rank=rank,
        )
        .order_by("rank", "department__position", "name", "pk")
    )


def lines(posts: Iterable[Post], reader: User) -> list[Line]:
    rows = list(posts)
    notices = {notice.pk: notice for notice in queries.with_subjects(post.notice for post in rows)}
    readable = queries.readable(notices.values(), reader)
    worded = {entry.notice.pk: entry for entry in entries.of(list(notices.values()), reader)}
    found = []
    for post in rows:
        notice = notices[post.notice_id]
        is_open = notice.subject is not None and notice.pk in readable
        found.append(
            Line(
                post=post,
                label=_label(post),
                title=worded[notice.pk].title if is_open else "",
                reference=post.key.hex[: texts.REFERENCE_LENGTH],
                payload=json.dumps(post.payload, ensure_ascii=False, indent=2)
                if post.payload and is_open
                else "",
                is_open=is_open,
                meaning=channels.of(post.endpoint.channel).meaning(post.note),
                answer=_answer(post) if is_open else "",
            )
        )
    return found


def _answer(post: Post) -> str:
    """What the other side said, as it is; our own words in the reader's language."""
    return _(post.note) if post.note in (ledger.LOST, ledger.UNKNOWN) else post.note


def _label(post: Post) -> str:
    try:
        return str(post.notice.behaviour.label)
    except LookupError:
        return post.kind
