"""Which actions were made of notes and issues: the source that `meetings.lineage_sources` asks."""

from collections.abc import Collection

from django.db.models import Q

from actions.models import Action
from meetings.lineage_sources import Became, Key
from people.models import User


def made(notes: Collection[int], issues: Collection[int], reader: User) -> dict[Key, list[Became]]:
    """By note and by issue, as far as the reader may see the actions. One query."""
    found: dict[Key, list[Became]] = {}
    rows = Action.objects.visible_to(reader).filter(Q(source_note__in=notes) | Q(issue__in=issues))
    for action in rows.order_by("pk"):
        became = Became("action", action.reference, action.get_absolute_url())
        if action.source_note_id in notes:
            found.setdefault(("note", action.source_note_id or 0), []).append(became)
        if action.issue_id in issues:
            found.setdefault(("issue", action.issue_id or 0), []).append(became)
    return found
