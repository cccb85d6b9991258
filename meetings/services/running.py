"""What every step in a running room begins with: its clock's row, locked, so that steps come one after the other."""

from django.utils.translation import gettext as _

from meetings.errors import NotAllowed
from meetings.models import Meeting, RoomClock


def hold(meeting: Meeting) -> RoomClock:
    """The clock's row, locked until the transaction ends. Raises NotAllowed unless the meeting is being held."""
    clock = RoomClock.objects.select_for_update().filter(meeting=meeting).first()
    status = Meeting.objects.values_list("status", flat=True).get(pk=meeting.pk)
    if status == Meeting.Status.ENDED:
        raise NotAllowed(_("This meeting has already ended."))
    if clock is None or status != Meeting.Status.IN_PROGRESS:
        raise NotAllowed(_("This meeting has not begun yet."))
    return clock
