"""Notes of the room, beside what `Note.objects` gives."""

from django.db.models import Count, Sum

from meetings.models import AgendaItem, Meeting, Note


def stamp(meeting: Meeting, item: AgendaItem | None) -> str:
    """Changes with every note of the item that is begun, saved or taken away: how many, and all their versions."""
    rows = Note.objects.filter(meeting=meeting, item=item).aggregate(
        rows=Count("pk"), versions=Sum("version")
    )
    return f"{rows['rows']}-{rows['versions'] or 0}"
