"""What was worked out in a meeting of the demo company and what came of its minutes: issues, ratings, approvals."""

from datetime import datetime, timedelta

from dashboard.demo import delivery
from dashboard.demo.matters import Matter, Voice
from dashboard.demo.promises import fresh
from meetings.models import AgendaItem, Issue, Meeting, Objection
from meetings.queries import evidence
from meetings.services import issues, minutes, ratings
from meetings.services import priority as priorities
from people.models import Department, User

Team = dict[str, User]


def open_with(meeting: Meeting, text: str, item: int, team: Team, *, at: datetime) -> None:
    """What the executive wants solved, taken down by the recorder."""
    about = AgendaItem.objects.get(meeting=meeting, order=item)
    priorities.save(
        meeting=fresh(meeting),
        text=text,
        item=about,
        said_by=team["boss"].pk,
        version=0,
        by=team["xu"],
        now=at,
    )


def raise_all(matters: tuple[Matter, ...], meeting: Meeting, team: Team, *, at: datetime) -> None:
    """Into the pool, with the frozen figure they rest on, and the votes of those who are concerned."""
    for matter in matters:
        item = AgendaItem.objects.get(meeting=meeting, order=matter.item)
        by = team[matter.raised_by]
        preread = meeting.prereads.filter(department=item.department, submitted_at__isnull=False).first()
        found = (
            evidence.of_figure(meeting=fresh(meeting), code=matter.figure, preread=preread, reader=by)
            if matter.figure
            else None
        )
        issue, _is_new = issues.raise_issue(
            meeting=fresh(meeting),
            by=by,
            now=at,
            text=matter.text,
            item=item,
            found=found,
            needs=Department.objects.filter(code__in=matter.needs),
        )
        for login in matter.votes:
            issues.vote(issue=issue, by=team[login], now=at)


def work_out(matters: tuple[Matter, ...], meeting: Meeting, team: Team, *, at: datetime) -> None:
    """The first ones are solved, the others wait for the next meeting."""
    for matter in matters:
        if not matter.solution:
            continue
        issue = Issue.objects.get(meeting=meeting, text=matter.text)
        issues.work_on(issue=issue, by=team["host"], now=at)
        issue.refresh_from_db()
        work = issues.Work(
            text=matter.text,
            whys=matter.whys,
            root_cause=matter.root_cause,
            process=matter.process,
            solution=matter.solution,
            needs=tuple(issue.needs.all()),
        )
        issues.save(issue=issue, work=work, version=issue.version, by=team["xu"], now=at)
        issues.settle(issue=issue, state=Issue.State.SOLVED, by=team["host"], now=at)


def rate_all(voices: tuple[Voice, ...], meeting: Meeting, team: Team, *, at: datetime) -> None:
    for voice in voices:
        ratings.rate(
            meeting=fresh(meeting), score=voice.score, reason=voice.reason, by=team[voice.login], now=at
        )


def summarise(meeting: Meeting, text: str, team: Team, *, at: datetime) -> None:
    minutes.write(meeting=fresh(meeting), item=None, text=text, version=0, by=team["xu"], now=at)


def finish(
    meeting: Meeting,
    team: Team,
    *,
    at: datetime,
    objection: str = "",
    answer: str = "",
    correction: str = "",
) -> None:
    """Circulated, perhaps objected to, approved by the executive and the data owner, locked, perhaps corrected."""
    delivery.until(at)
    held = minutes.begin(meeting)
    until = at + timedelta(hours=24)
    edition = minutes.circulate(
        meeting=fresh(meeting),
        approvers=[team["boss"], team["data"]],
        objections_until=until,
        version=held.version,
        by=team["host"],
        now=at,
    )
    held.refresh_from_db()
    if objection:
        raised = minutes.object_to(
            minutes=held, item=None, text=objection, by=team["marketing"], now=at + timedelta(hours=3)
        )
        minutes.answer(
            objection=raised,
            answer=Objection.Answer.NOTED,
            words=answer,
            by=team["host"],
            now=at + timedelta(hours=5),
        )
    for hours, login in ((6, "data"), (20, "boss")):
        delivery.until(at + timedelta(hours=hours))
        held.refresh_from_db()
        minutes.approve(minutes=held, edition=edition, by=team[login], now=at + timedelta(hours=hours))
    held.refresh_from_db()
    minutes.lock(minutes=held, by=team["host"], now=until + timedelta(hours=1))
    if correction:
        held.refresh_from_db()
        minutes.correct(
            minutes=held, item=None, text=correction, by=team["host"], now=until + timedelta(days=3)
        )
