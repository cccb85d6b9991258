"""Runs a meeting of the demo company from its start to its end, with notes and decisions on the way."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from dashboard.demo import delivery
from meetings.models import AgendaItem, DecisionRequest, Meeting
from meetings.services import attendance, decisions, notes, room, speaking
from meetings.services.decisions import Content
from people.models import User

Team = dict[str, User]


class Clock:
    """Runs a meeting from its start to its end, a little off its plan, as meetings are."""

    def __init__(self, meeting: Meeting, host: User, now: datetime, reason: str = "") -> None:
        self.meeting, self.host, self.now = meeting, host, now
        delivery.until(now)
        room.start(meeting=meeting, by=host, now=now, reason=reason)
        self._call_the_roll()

    def _call_the_roll(self) -> None:
        """Everybody is there but the one who comes a little later."""
        people = attendance.expected(self.meeting)
        attendance.arrive_all(meeting=self.meeting, users=people[:-1], by=self.host, now=self.now)
        for user in people[-1:]:
            later = self.now + timedelta(minutes=4)
            attendance.arrive(meeting=self.meeting, user=user, by=self.host, now=later)
        attendance.take(meeting=self.meeting, by=self.host, now=self.now + timedelta(minutes=5))

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
        answers: bool = True,
    ) -> None:
        """Go through the agenda, with notes and decisions by the item's number, each item `lateness` times its plan;
        with `stop_after` only so many items are reached. Whoever reports speaks most of the time; with `answers`
        every decision that was asked for is taken as it was recommended."""
        items = list(AgendaItem.objects.filter(meeting=self.meeting).in_order())[:stop_after]
        for number, item in enumerate(items, start=1):
            speaking.start(meeting=self.meeting, department=item.department, by=self.host, now=self.now)
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
            if answers and item.department:
                self._answer(item, team)
            self._discuss(item, timedelta(minutes=item.discussion_minutes * lateness))
            if number < len(items):
                room.command(meeting=self.meeting, verb="next", press=self.press())

    def _discuss(self, item: AgendaItem, length: timedelta) -> None:
        """The department goes on for half of it, then the others speak."""
        self.now += length / 2
        if length:
            speaking.start(meeting=self.meeting, department=None, by=self.host, now=self.now)
        self.now += length / 2

    def _answer(self, item: AgendaItem, team: Team) -> None:
        """Take the decisions that the item's department asked for."""
        asked = DecisionRequest.objects.present().filter(
            preread__meeting=self.meeting, preread__department=item.department, decision=None
        )
        for request in asked:
            option = request.recommended_option or {"text": request.question}
            content = Content(
                text=f"{request.question}{option['text']}。",
                options="\n".join(each["text"] for each in request.options),
                decided_by=team["boss"],
            )
            request.decision = decisions.record(
                meeting=self.meeting, item=item, content=content, by=team["xu"], now=self.now
            )
            request.save(update_fields=["decision"])

    def end(self, *, by: User | None = None, reason: str = "") -> None:
        """`reason` is an executive's for ending with points open."""
        delivery.until(self.now)
        press = self.press()
        room.end(meeting=self.meeting, press=press._replace(by=by or press.by), reason=reason)
