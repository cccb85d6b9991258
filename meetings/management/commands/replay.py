"""A meeting as its log tells it."""

from argparse import ArgumentParser
from datetime import datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime, parse_time
from django.utils.translation import gettext as _

from core.text import aligned
from meetings import replay
from meetings.models import AgendaItem, Meeting
from meetings.queries import confidential
from meetings.queries.room import Room
from meetings.templatetags.room import clock_digits, whole_minutes


class Command(BaseCommand):
    help = (
        "Rebuild a meeting's room from its log alone and print where it stood: at its end, or at a moment. With "
        "--check the log is compared with the tables and every line with its digest; anything that does not fit is "
        "named, and the command ends with 1. Confidential items are not named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("meeting", type=int, help="number of the meeting, as in its address")
        parser.add_argument(
            "--at",
            metavar="TIME",
            help="14:35 or 14:35:20 on the meeting's clock, +95 (minutes from the start), 2026-11-24T14:35+08:00",
        )
        parser.add_argument("--check", action="store_true", help="look for lines and rows that were changed")

    def handle(self, *args: Any, **options: Any) -> None:
        meeting = Meeting.objects.filter(pk=options["meeting"]).first()
        if meeting is None:
            raise CommandError(_("There is no meeting %(pk)d.") % {"pk": options["meeting"]})
        events = replay.events_of(meeting)
        if not events:
            raise CommandError(_("Meeting %(pk)d has not begun; its log is empty.") % {"pk": meeting.pk})
        if options["check"]:
            self._check(meeting, events)
            return
        at = _moment(options["at"], meeting) if options["at"] else None
        found = replay.rebuild(event for event in events if at is None or event.at <= at)
        if found.at is None:
            raise CommandError(_("The meeting had not begun at that time."))
        items = list(AgendaItem.objects.filter(meeting=meeting).in_order())
        room = replay.room(meeting, found, confidential.masked_for_all(items))
        self._print(room, found, at or found.at)

    def _print(self, room: Room, found: replay.Rebuilt, at: datetime) -> None:
        local = at.astimezone(room.meeting.zone)
        event = _("event %(n)d") % {"n": found.number}
        self.stdout.write(f"{room.meeting.title} · {local:%Y-%m-%d %H:%M:%S} · {event}")
        if room.clock and room.item:
            running = _("running") if room.clock.is_running else _("paused")
            left = clock_digits(room.remaining(at))
            self.stdout.write(f"{room.item.title} · {room.clock.get_part_display()} · {running} · {left}")
        rows = [
            [_("Agenda item"), _("State"), _("Minutes planned"), _("Minutes allowed"), _("Minutes taken")]
        ]
        for line in room.lines(at):
            minutes = [whole_minutes(length) for length in (line.sent, line.planned, line.taken)]
            rows.append([line.item.title, str(line.state), *minutes])
        self.stdout.write(aligned(rows, numbers={2, 3, 4}))
        counts = [f"{noun} {len(rows)}" for noun, rows in sorted(found.rows.items()) if rows]
        self.stdout.write(" · ".join(counts))

    def _check(self, meeting: Meeting, events: list[Any]) -> None:
        broken = replay.broken(meeting, events)
        differences = replay.differences(meeting, replay.rebuild(events))
        for number in broken:
            self.stderr.write(_("Event %(n)d is missing, was changed or was put in.") % {"n": number})
        for one in differences:
            self.stderr.write(
                _("%(noun)s %(key)s: the tables differ from the log in %(columns)s.")
                % {"noun": one.noun, "key": one.key, "columns": ", ".join(one.columns)}
            )
        if broken or differences:
            raise CommandError(_("The log of this meeting does not fit. See above."))
        self.stdout.write(
            _("%(n)d events: unbroken, and the room rebuilt from them is the one in the tables.")
            % {"n": len(events)}
        )


def _moment(text: str, meeting: Meeting) -> datetime:
    """An instant as it may be typed; raises CommandError for anything else."""
    start = meeting.started_at or meeting.starts_at
    if text.startswith("+") and text[1:].isdecimal():
        return start + timedelta(minutes=int(text[1:]))
    try:
        clock = parse_time(text)
        found = parse_datetime(text)
    except ValueError:
        clock = found = None
    if clock is not None:
        return _on_the_clock(clock, start.astimezone(meeting.zone))
    if found is not None:
        return found if found.tzinfo else found.replace(tzinfo=meeting.zone)
    raise CommandError(
        _("“%(text)s” is no time. Write 14:35, +95 or 2026-11-24T14:35+08:00.") % {"text": text}
    )


def _on_the_clock(clock: time, start: datetime) -> datetime:
    """That time of the meeting's day, or of the next day for a meeting over midnight."""
    found = start.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
    is_before = found < start.replace(second=0, microsecond=0)
    return found + timedelta(days=1) if is_before else found + timedelta(microseconds=999_999)
