"""Runs a meeting of the demo company from its start to its end, with notes and decisions on the way."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from meetings.models import AgendaItem, Meeting
from meetings.services import decisions, notes, room
from meetings.services.decisions import Content
from people.models import User

Team = dict[str, User]


class Clock:
    """Runs a meeting from its start to its end, a little off its plan, as meetings are."""

    def __init__(self, meeting: Meeting, host: User, now: datetime, reason: str = "") -> None:
        self.meeting, self.host, self.now = meeting, host, now
        room.start(meeting=meeting, by=host, now=now, reason=reason)

    def press(self) -> room.Press:
        version = Meeting.objects.values_list("clock__version", flat=True).get(pk=self.meeting.pk)
        return room.Press(by=self.host, now=self.now, version=version)

    def run_through(
        self,
        said: dict[int, tuple[str, ...]],
        decided: Iterable[tuple[int, Content]],
        team: Team,
        *,
        lateness: float,
        stop_after: int | None = None,
    ) -> None:
        """Go through the agenda, with notes and decisions by the item's number, each item `lateness` times its plan;
        with `stop_after` only so many items are reached."""
        items = list(AgendaItem.objects.filter(meeting=self.meeting).in_order())[:stop_after]
        for number, item in enumerate(items, start=1):
            if item.report_minutes:
                self.now += timedelta(minutes=item.report_minutes * lateness)
                if item.discussion_minutes:
                    room.command(meeting=self.meeting, verb="discuss", press=self.press())
            for text in said.get(number, ()):
                notes.add(meeting=self.meeting, item=item, text=text, by=team["xu"], now=self.now)
            for place, content in decided:
                if place == number:
                    taken = replace(content, decided_by=team["boss"])
                    decisions.record(
                        meeting=self.meeting, item=item, content=taken, by=team["xu"], now=self.now
                    )
            self.now += timedelta(minutes=item.discussion_minutes * lateness)
            if number < len(items):
                room.command(meeting=self.meeting, verb="next", press=self.press())

    def end(self) -> None:
        room.end(meeting=self.meeting, press=self.press())
