"""When it is one's own turn: the next item of a running room that a person presents."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.models import AgendaItem
from meetings.queries.room import Room
from people.models import User


@dataclass(frozen=True, slots=True)
class MyPart:
    """An item that a person presents, and how long until it begins if all before it take their time.

    `ids` are all of their items in this meeting: the browser goes on from one to the next by itself.
    """

    item: AgendaItem
    wait: timedelta
    is_now: bool
    ids: list[int]

    @property
    def minutes(self) -> int:
        return round(self.wait.total_seconds() / 60)


def next_part(room: Room, user: User, now: datetime) -> MyPart | None:
    """The current or next item that this person or their department presents; None when none is left.

    Masked items have neither department nor presenter and are nobody's here.
    """
    ids = [item.pk for item in room.items if is_mine(item, user)]
    if room.clock is None or room.item is None or not ids:
        return None
    if room.item.pk in ids:
        return MyPart(room.item, timedelta(), is_now=True, ids=ids)
    wait = max(room.remaining(now), timedelta()) + room.rest_of_item()
    left = {line.item.pk: line.left for line in room.lines(now)}
    for item in room.items_ahead():
        if item.pk in ids:
            return MyPart(item, wait, is_now=False, ids=ids)
        wait += left[item.pk]
    return None


def is_mine(item: AgendaItem, user: User) -> bool:
    """Presented by this person, or by one of their departments when it names nobody."""
    if item.presenter_user_id is not None:
        return item.presenter_user_id == user.pk
    return item.department_id is not None and item.department_id in user.department_ids
