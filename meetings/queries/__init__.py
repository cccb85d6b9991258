"""Reads of meetings, one module per noun; other apps import from here."""

from meetings.queries.lists import next_for
from meetings.queries.tasks import tasks_for

__all__ = ["next_for", "tasks_for"]
