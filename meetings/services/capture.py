"""Keeping what the recorder typed on one line: as a note, a decision, a parked matter or an issue."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.errors import NotAllowed
from meetings.lines import Kind, Line
from meetings.models import AgendaItem, Decision, Meeting
from meetings.queries import capture as queries
from meetings.services import decisions, issues, notes
from people.models import User


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a line, in the reader's language, and where it stands now."""

    words: str
    url: str = ""


def keep(
    *, line: Line, meeting: Meeting, item: AgendaItem | None, by: User, now: datetime, key: UUID | None = None
) -> Kept:
    """Write the line down. Raises NotAllowed with the sentence that says what it lacks; nothing is written then.

    Actions are kept by the app of actions (`actions.views.line`).
    """
    put = {Kind.DECISION: _decision, Kind.PARKED: _parked, Kind.ISSUE: _issue}.get(line.kind, _note)
    return put(line, meeting, item, by, now, key)


def _note(
    line: Line, meeting: Meeting, item: AgendaItem | None, by: User, now: datetime, key: UUID | None
) -> Kept:
    note = notes.add(meeting=meeting, item=item, text=line.text, by=by, now=now, key=key)
    return Kept(_("Noted"), f"#note-{note.pk}")


def _parked(
    line: Line, meeting: Meeting, item: AgendaItem | None, by: User, now: datetime, key: UUID | None
) -> Kept:
    day = line.said.day if line.said else None
    notes.park(meeting=meeting, item=item, text=line.text, by=by, now=now, review_on=day, key=key)
    return Kept(_("Parked"), "#parked")


def _issue(
    line: Line, meeting: Meeting, item: AgendaItem | None, by: User, now: datetime, key: UUID | None
) -> Kept:
    issue, _is_new = issues.raise_issue(meeting=meeting, item=item, text=line.text, by=by, now=now, key=key)
    return Kept(_("In the issue pool"), f"#issue-{issue.pk}")


def _decision(
    line: Line, meeting: Meeting, item: AgendaItem | None, by: User, now: datetime, key: UUID | None
) -> Kept:
    content = decision_of(line, meeting)
    decision = decisions.record(meeting=meeting, item=item, content=content, by=by, now=now, key=key)
    url = f"{reverse('meetings:change_decision', args=[meeting.pk, decision.pk])}"
    return Kept(_("Decision %(code)s") % {"code": decision.code}, url)


def decision_of(line: Line, meeting: Meeting) -> decisions.Content:
    """What a line decides. Who decided it is the person it names, or the one executive of the meeting.

    Raises NotAllowed when that is nobody, several people, or somebody who does not take part.
    """
    if not line.text:
        raise NotAllowed(_("Write what was decided."))
    if line.unknown:
        raise NotAllowed(_("Nobody is called “%(name)s”, or several people are.") % {"name": line.unknown[0]})
    kind = queries.kind_of_decision(line.text)
    if line.is_deferred and line.said:
        return decisions.Content(
            text=line.text, kind=kind, outcome=Decision.Outcome.DEFERRED, deferred_until=line.said.day
        )
    decider = line.person or queries.usual_decider(meeting)
    if line.person and not queries.takes_part(line.person, meeting):
        raise NotAllowed(
            _("%(name)s does not take part in this meeting. Name somebody who does.")
            % {"name": line.person.name}
        )
    if decider is None and kind != Decision.Kind.INFORMATION:
        raise NotAllowed(_("Say who decided it: write @ and the name."))
    return decisions.Content(text=line.text, kind=kind, decided_by=decider)
