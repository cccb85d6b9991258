"""What people outside the circle of a confidential item may know of it: that there is one, and how long it takes.

Every page, mail, export and feed that names items of an agenda takes them from here. The place of a masked item and
its minutes stay, so that clock times still add up; its words, department and figures do not. Who belongs to a circle
is said by `AgendaItem.objects.visible_to`.
"""

import copy
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from meetings.models import (
    AgendaItem,
    Attachment,
    ItemReader,
    Participant,
    PlanRevision,
    PreReadText,
    RequiredDocument,
)
from people.models import User

TITLE = gettext_noop("Confidential item")
# What a masked item keeps: where it stands and how long it takes.
HIDDEN: dict[str, object] = {
    "presenter": "",
    "department": None,
    "presenter_user": None,
    "questions_en": "",
    "questions_zh": "",
    "action_list": "",
    "carried_because": "",
    "carried_from_id": None,
    "template_module_id": None,
}
# The ids of confidential items in an earlier plan, see `merge.content`.
CLOSED_ITEMS = (
    "jsonb_path_query(%(expressions)s, '$.items[*] ? (@.circle[0] == true && @.id != null).id')::int"
)


def masked(items: Iterable[AgendaItem], user: User) -> list[AgendaItem]:
    """The items of one meeting in their order, those that this person must not know of replaced by a neutral copy.

    One query when the agenda holds a confidential item, none when it was read with `knowing(user)`. A copy has
    `is_masked` set and the same primary key, by which pages find its place; it is never saved.
    """
    rows = list(items)
    closed = [item.pk for item in rows if item.is_confidential]
    if not closed:
        return rows
    if all(hasattr(item, "is_known") for item in rows):
        return [item if item.is_known else _mask(item) for item in rows]  # type: ignore[attr-defined]
    known = set(AgendaItem.objects.visible_to(user).filter(pk__in=closed).values_list("pk", flat=True))
    return [item if not item.is_confidential or item.pk in known else _mask(item) for item in rows]


def masked_for_all(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The same for what goes to everybody in one copy, such as a calendar entry: every confidential item masked."""
    return [_mask(item) if item.is_confidential else item for item in items]


def _mask(item: AgendaItem) -> AgendaItem:
    found = copy.copy(item)
    # Its own caches: what was prefetched for the item must not come along with the copy.
    found._state.fields_cache = {}  # noqa: SLF001 - where Django keeps the related objects
    found.__dict__["_prefetched_objects_cache"] = {
        "required_documents": RequiredDocument.objects.none(),
        "readers": ItemReader.objects.none(),
    }
    for field, value in HIDDEN.items():
        setattr(found, field, value)
    found.metric_codes = []
    with override("en"):
        found.title_en = _(TITLE)
    with override("zh-hans"):
        found.title_zh = _(TITLE)
    found.is_masked = True
    return found


def hidden_ids(*, meeting: int, user: User | None) -> set[int]:
    """The items of a meeting that this person must not know of; for nobody in particular, all confidential ones.

    Those that were confidential when they were taken off the agenda are among them, whoever asks: revisions of
    pre-reads still speak of them, and nobody's circle is known any more. One query.
    """
    return hidden_ids_of(meetings=[meeting], user=user)


def hidden_ids_of(*, meetings: Iterable[int], user: User | None) -> set[int]:
    """The same for several meetings at once, in one query."""
    wanted = list(meetings)
    items = AgendaItem.objects.filter(meeting__in=wanted)
    open_to_all = ExpressionWrapper(Q(is_confidential=False), BooleanField())
    known: QuerySet[Any] = items.knowing(user) if user is not None else items.annotate(is_known=open_to_all)
    earlier = PlanRevision.objects.filter(meeting__in=wanted).annotate(
        item=Func(F("content"), template=CLOSED_ITEMS, output_field=IntegerField()),
        is_known=Value(None, BooleanField()),
    )
    rows = list(known.values_list("pk", "is_known").union(earlier.values_list("item", "is_known")))
    there = {pk for pk, is_known in rows if is_known is not None}
    return {pk for pk, is_known in rows if not is_known and (is_known is False or pk not in there)}


def item_of(text: PreReadText) -> int | None:
    """The agenda item that a text of a pre-read prepares; older texts say it in the key of their question."""
    if text.item_id:
        return text.item_id
    start = text.key.partition("-")[0]
    return int(start) if text.kind == PreReadText.Kind.QUESTION and start.isdecimal() else None


def open_files(user: User | None) -> QuerySet[Attachment]:
    """Files of pre-reads without those that are kept from this person, whatever else decides about reading them.

    A file handed in for a confidential item is for that item's circle. One marked confidential by itself is for
    whoever hosts or decides in the meeting, the heads of its department and who attached it.
    """
    secret = AgendaItem.objects.filter(is_confidential=True) if user is None else _hidden(user)
    files = Attachment.objects.exclude(document__item__in=secret)
    if user is None:
        return files.filter(is_confidential=False)
    role = Participant.Role
    leading = Participant.objects.filter(
        meeting=OuterRef("preread__meeting"),
        user=user,
        role__in=[role.HOST, role.DEPUTY_HOST, role.EXECUTIVE],
    )
    return files.filter(
        Q(is_confidential=False)
        | Q(added_by=user)
        | Q(preread__meeting__host=user)
        | Q(preread__department__in=user.headed_department_ids)
        | Q(Exists(leading))
    )


def open_documents(user: User) -> QuerySet[RequiredDocument]:
    """Required documents without those of items that this person must not know of."""
    return RequiredDocument.objects.exclude(item__in=_hidden(user))


def texts_for(texts: Iterable[PreReadText], *, meeting: int, user: User | None) -> list[PreReadText]:
    """The texts of a pre-read without those that prepare an item this person must not know of."""
    rows = list(texts)
    hidden = hidden_ids(meeting=meeting, user=user)
    return [text for text in rows if item_of(text) not in hidden]


def _hidden(user: User) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.all().hidden_from(user)
