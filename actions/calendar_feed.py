"""The deadlines of actions, for calendars."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import pgettext

from actions.models import Action
from meetings.queries.feed import Moment
from people.models import User


def owed(user: User, since: datetime, until: datetime) -> Iterable[Moment]:
    """What the person owes somebody; an action from a confidential item may say what it is about, so none names it."""
    rows = Action.objects.owed().filter(owner=user, due_at__range=(since, until))
    for row in rows.select_related("agenda_item", "decision__agenda_item").order_by("due_at", "pk"):
        if (found := moment(row, user)) is not None:
            yield found


def moment(action: Action, reader: User) -> Moment | None:
    """The deadline of an action, with the owner's name where that is somebody else; None without a deadline."""
    if action.due_at is None:
        return None
    return Moment(
        uid=f"action-{action.pk}",
        title=_title(action, reader),
        at=action.due_at,
        path=action.get_absolute_url(),
        stamped_at=action.published_at or action.created_at,
    )


def _title(action: Action, reader: User) -> str:
    what = pgettext("in a calendar", "Action due")
    if action.status in Action.FINISHED:
        what = pgettext("in a calendar", "Action (%(status)s)") % {"status": action.get_status_display()}
    decided_on = action.decision.agenda_item if action.decision is not None else None
    if any(item is not None and item.is_confidential for item in (action.agenda_item, decided_on)):
        return what
    words = {"what": what, "action": action.title}
    if action.owner is None or action.owner_id == reader.pk:
        return pgettext("in a calendar", "%(what)s: %(action)s") % words
    return pgettext("in a calendar", "%(what)s: %(action)s (%(owner)s)") % {
        **words,
        "owner": action.owner.name,
    }
