"""What a browser sends twice, because it heard no answer the first time, is written once."""

from uuid import UUID

from meetings.models import LiveEvent, Meeting, RoomClock


def recorded(*, meeting: Meeting, key: UUID | None, noun: str) -> int | None:
    """The id of the record that an earlier press with this key made; None when there was none.

    Call it in the transaction, before writing: the room's row is locked from here on, so that of two presses with one
    key the second waits and then finds the first. A key that made something else counts as no press at all.
    """
    if key is None or not RoomClock.objects.select_for_update().filter(meeting=meeting).exists():
        return None
    event = LiveEvent.objects.filter(meeting=meeting, key=key).first()
    if event is None or event.verb.partition(".")[0] != noun:
        return None
    return int(event.data["row"]["id"])
