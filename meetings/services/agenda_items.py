"""Changes that the program itself makes to a planned agenda: minutes that follow something, an item that must come up.

They are kept as revisions of the plan like anybody's, so that whoever has the form open loses nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from core import history
from meetings.models import AgendaItem, ItemReader, Meeting
from meetings.services import plan_revisions, prereads

# What is added by itself gets so much time to talk, and nobody to report.
MINUTES = 5


def _claim(meeting: Meeting) -> Meeting | None:
    """The meeting with its row locked; None when it is not planned any more."""
    claimed = (
        Meeting.objects.select_for_update(of=["self"])
        .select_related("template", "host", "series")
        .get(pk=meeting.pk)
    )
    return claimed if claimed.is_planned else None


@transaction.atomic
def set_minutes(*, meeting: Meeting, minutes: Mapping[int, int], now: datetime) -> bool:
    """Set the minutes of discussion of these items (id → minutes); False when the meeting has begun."""
    claimed = _claim(meeting)
    if claimed is None:
        return False
    plan_revisions.keep(meeting=claimed, by=claimed.host, now=now)
    for item in claimed.items.filter(pk__in=minutes, is_pinned=False):
        item.discussion_minutes = minutes[item.pk]
        item.save(update_fields=["discussion_minutes"])
    return True


@transaction.atomic
def add(
    *,
    meeting: Meeting,
    titles: Mapping[str, str],
    questions: Mapping[str, str],
    because: str,
    now: datetime,
    source: AgendaItem | None = None,
) -> AgendaItem:
    """An item at the end of a planned agenda. `titles` and `questions` by language ("en", "zh-hans"); `because` is one
    of Carried. It belongs to no department, so that nobody owes a pre-read for it.

    `source` is a confidential item that it goes on with: its circle is taken over.
    """
    claimed = _claim(meeting)
    assert claimed is not None  # whoever calls has chosen a planned one in the same transaction
    plan_revisions.keep(meeting=claimed, by=claimed.host, now=now)
    last = claimed.items.order_by("-order").values_list("order", flat=True).first()
    item = AgendaItem.objects.create(
        meeting=claimed,
        order=(last or 0) + 1,
        title_en=titles["en"],
        title_zh=titles["zh-hans"],
        questions_en=questions["en"],
        questions_zh=questions["zh-hans"],
        presenter="host",
        discussion_minutes=MINUTES,
        is_confidential=source is not None,
        carried_from=source,
        carried_because=because,
    )
    if source is not None:
        ItemReader.objects.bulk_create(
            ItemReader(item=item, user_id=row.user_id) for row in source.readers.all()
        )
    prereads.open_for(meeting=claimed, now=now)
    history.record(
        actor=None,
        verb="meetings.item_added",
        target=claimed,
        after="" if item.is_confidential else item.title_en,
    )
    return item
