"""While minutes are out, the records they were made of stay as people read them."""

from django.utils.translation import gettext as _

from meetings.errors import NotAllowed
from meetings.models import Minutes


def check(meeting: int) -> None:
    """Raises NotAllowed while the minutes of the meeting with this id are circulated, approved or locked.

    Call it in the transaction that writes: until its end nobody circulates them, so an edition holds what was saved.
    """
    held = Minutes.objects.select_for_update().filter(meeting=meeting)
    state = held.values_list("state", flat=True).first()
    if state == Minutes.State.LOCKED:
        raise NotAllowed(_("The minutes are locked. What is to be put right is added as a correction."))
    if state and state != Minutes.State.DRAFT:
        raise NotAllowed(
            _("The minutes are circulated. Take them back to draft first; they are then circulated anew.")
        )
