"""The deadlines of one's own actions, for one's own calendar."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import pgettext

from actions.models import Action
from meetings.queries.feed import Moment
from people.models import User


def owed(user: User, since: datetime, until: datetime) -> Iterable[Moment]:
    """What the person owes somebody; an action from a confidential item may say what it is about, so none names it."""
    rows = Action.objects.owed().filter(owner=user, due_at__range=(since, until))
    for row in rows.select_related("agenda_item").order_by("due_at", "pk"):
        if row.due_at is None:  # the range above leaves none out; said for the type checker
            continue
        is_closed = row.agenda_item is not None and row.agenda_item.is_confidential
        title = (
            pgettext("in a calendar", "Action due")
            if is_closed
            else pgettext("in a calendar", "Action due: %(action)s") % {"action": row.title}
        )
        yield Moment(
            uid=f"action-{row.pk}",
            title=title,
            at=row.due_at,
            path=row.get_absolute_url(),
            stamped_at=row.published_at or row.due_at,
        )
