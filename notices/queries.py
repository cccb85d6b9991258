"""Reading notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Q, SmallIntegerField, Value, When
from django.db.models.functions import Coalesce

from notices import kinds
from notices.models import Notice, NoticeQuerySet
from people.models import User


def unread_count(user: User) -> int:
    return Notice.objects.visible_to(user).unread().count()


def snoozed_count(user: User) -> int:
    return Notice.objects.snoozed_by(user).count()


def in_reading_order(notices: NoticeQuerySet) -> NoticeQuerySet:
    """Unread before read (what was withdrawn counts as read), each newest first."""
    is_unread = Q(read_at__isnull=True) & ~Q(state__in=Notice.WITHDRAWN_STATES)
    return notices.annotate(
        rank=Case(When(is_unread, then=Value(0)), default=Value(1), output_field=SmallIntegerField())
    ).order_by("rank", Coalesce("snoozed_until", "shown_at").desc(), "-pk")


def with_subjects(notices: Iterable[Notice], *, for_mails: bool = False) -> list[Notice]:
    """The notices with their subjects loaded, in one query per type of subject, joined with what their kinds read.

    `for_mails`: also what only the bodies of their mails read, in one query for each kind of it.
    The subject of a notice whose record is gone is None.
    """
    rows = list(notices)
    ids: defaultdict[int, set[int]] = defaultdict(set)
    related: defaultdict[int, set[str]] = defaultdict(set)
    prefetch: defaultdict[int, set[str]] = defaultdict(set)
    for notice in rows:
        ids[notice.subject_type_id].add(notice.subject_id)
        # What was passed up (notices.chain) is worded by the kind that it was.
        for code in {notice.kind, notice.params.get("kind", notice.kind)}:
            with suppress(LookupError):  # an app that is gone; shown without words of its own
                kind = kinds.get(code)
                related[notice.subject_type_id] |= set(kind.related)
                prefetch[notice.subject_type_id] |= set(kind.prefetch) if for_mails else set()
    subjects: dict[tuple[int, int], models.Model] = {}
    for type_id, type_ids in ids.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is None:
            continue
        found = model._base_manager.filter(pk__in=type_ids)  # noqa: SLF001 - as GenericForeignKey does
        if related[type_id]:
            found = found.select_related(*related[type_id])
        found = found.prefetch_related(*sorted(prefetch[type_id]))
        subjects |= {(type_id, subject.pk): subject for subject in found}
    for notice in rows:
        _set_subject(notice, subjects.get((notice.subject_type_id, notice.subject_id)))
    return rows


def readable(notices: Iterable[Notice], user: User) -> set[int]:
    """The ids of those whose subject the person may (still) read; as many queries for many notices as for one.

    `notices` have their subjects loaded (`with_subjects`). One whose subject or kind is gone counts as readable: there
    is nothing that its words could give away.
    """
    found: set[int] = set()
    asked: defaultdict[tuple[Any, type[models.Model]], list[Notice]] = defaultdict(list)
    for notice in notices:
        try:
            may_read = kinds.get(notice.kind).may_read
        except LookupError:
            may_read = None
        if notice.subject is None:
            found.add(notice.pk)
        else:
            asked[may_read, type(notice.subject)].append(notice)
    for (may_read, model), rows in asked.items():
        ids = {row.subject_id for row in rows}
        open_ids = may_read(user, ids) if may_read else _visible(model, user, ids)
        found |= {row.pk for row in rows if row.subject_id in open_ids}
    return found


def _visible(model: type[models.Model], user: User, ids: set[int]) -> set[int]:
    rows: Any = model._default_manager.all()  # noqa: SLF001 - Django's documented model API
    if not hasattr(rows, "visible_to"):
        return ids
    return set(rows.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def _set_subject(notice: Notice, subject: object | None) -> None:
    """Fill the cache of the generic foreign key; assigning None would empty the columns as well."""
    field: Any = Notice._meta.get_field("subject")
    field.set_cached_value(notice, subject)
