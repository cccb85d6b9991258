"""What keeps a meeting from ending: drafts that are no promises yet. Asked by `meetings.closing_sources`."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions import services
from actions.models import Action
from meetings.closing_sources import Point
from meetings.models import Meeting
from meetings.queries import confidential


def incomplete(meeting: Meeting) -> Iterable[Point]:
    """One point per incomplete draft, with how much it lacks; two queries, three if there are drafts.

    The words of a draft that was captured on a confidential item stay inside, because the minutes print the points.
    """
    now = timezone.now()
    drafts = (
        Action.objects.for_meeting(meeting)
        .drafts()
        .with_people()
        .select_related("decision")
        .prefetch_related("criteria")
        .order_by("pk")
    )
    gaps = [(draft, len(found)) for draft in drafts if (found := services.check(action=draft, now=now))]
    if not gaps:
        return
    hidden = confidential.hidden_ids(meeting=meeting.pk, user=None)
    for draft, number in gaps:
        items = {draft.agenda_item_id, draft.decision.agenda_item_id if draft.decision else None}
        yield _point(draft, number, is_hidden=bool(items & hidden))


def _point(draft: Action, number: int, *, is_hidden: bool) -> Point:
    def say() -> str:
        if is_hidden:
            return _("An action on a confidential item is incomplete")
        return ngettext(
            "The action “%(title)s” is incomplete: %(number)d thing is missing",
            "The action “%(title)s” is incomplete: %(number)d things are missing",
            number,
        ) % {"title": draft.title, "number": number}

    return Point(
        code="action",
        key=f"action:{draft.pk}",
        say=say,
        url=reverse("actions:edit", args=[draft.pk]),
        link=lambda: _("Complete it"),
    )
