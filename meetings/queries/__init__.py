"""Reads of meetings, one module per noun; other apps import from here."""

from meetings.queries.tasks import tasks_for

__all__ = ["tasks_for"]
