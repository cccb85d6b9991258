"""What people outside the circle of a confidential item may know of it: that there is one, and how long it takes.

Every page, mail, export and feed that names items of an agenda takes them from here. The place of a masked item and
its minutes stay, so that clock times still add up; its words, department and figures do not. Who belongs to a circle
is said by `AgendaItem.objects.visible_to`.
"""

import copy
from collections.abc import Iterable

from django.utils.translation import gettext_noop, override
from django.utils.translation import gettext as _

from meetings.models import AgendaItem, ItemReader, PreReadText, RequiredDocument
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


def masked(items: Iterable[AgendaItem], user: User) -> list[AgendaItem]:
    """The items of one meeting in their order, those that this person must not know of replaced by a neutral copy.

    One query when the agenda holds a confidential item, none otherwise. A copy has `is_masked` set and the same
    primary key, by which pages find its place; it is never saved.
    """
    rows = list(items)
    closed = [item.pk for item in rows if item.is_confidential]
    if not closed:
        return rows
    known = set(AgendaItem.objects.visible_to(user).filter(pk__in=closed).values_list("pk", flat=True))
    return [item if not item.is_confidential or item.pk in known else _mask(item) for item in rows]


def masked_for_all(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The same for what goes to everybody in one copy, such as a calendar entry: every confidential item masked."""
    return [_mask(item) if item.is_confidential else item for item in items]


def _mask(item: AgendaItem) -> AgendaItem:
    found = copy.copy(item)
    # Its own caches: what was prefetched for the item must not come along with the copy.
    found._state.fields_cache = {}
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
    """The items of a meeting that this person must not know of; for nobody in particular, all confidential ones."""
    items = AgendaItem.objects.filter(meeting=meeting, is_confidential=True)
    if user is not None:
        items = items.hidden_from(user)
    return set(items.values_list("pk", flat=True))


def item_of(text: PreReadText) -> int | None:
    """The agenda item that a text of a pre-read prepares; older texts say it in the key of their question."""
    if text.item_id:
        return text.item_id
    start = text.key.partition("-")[0]
    return int(start) if text.kind == PreReadText.Kind.QUESTION and start.isdecimal() else None
