"""What happens on the way: reports, evidence, milestones."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from actions import reminders
from actions.errors import NotPossible
from actions.models import Action, Criterion, Evidence, Milestone, Progress
from actions.services.life import start
from core import history
from people.models import User


@transaction.atomic
def report(*, action: Action, text: str, by: User, now: datetime, percent: int | None = None) -> Progress:
    """The owner says how it goes; a report on what was not started or was returned starts it (again)."""
    if not text.strip() and percent is None:
        raise NotPossible(_("Say what has happened, or how far it is."))
    if not action.is_owed:
        raise NotPossible(_("Progress is reported while the action is being worked on."))
    if action.status in (Action.Status.TODO, Action.Status.RETURNED):
        start(action=action, by=by, now=now)
    return _log(action, text, by=by, now=now, percent=percent)


def _log(action: Action, text: str, *, by: User, now: datetime, percent: int | None = None) -> Progress:
    line = Progress(action=action, text=text.strip(), percent=percent, status=action.status, by=by, at=now)
    line.full_clean(exclude=["text"] if percent is not None else None)
    line.save()
    return line


@transaction.atomic
def add_evidence(
    *,
    action: Action,
    by: User,
    now: datetime,
    criterion: Criterion | None = None,
    text: str = "",
    link: str = "",
    file: UploadedFile | None = None,
) -> Evidence:
    """Show something for a criterion or for the whole; words, a link, a file. The file's rules are the form's."""
    if not action.is_owed:
        raise NotPossible(_("Evidence is added while the action is being worked on."))
    if criterion is not None and criterion.action_id != action.pk:
        raise NotPossible(_("This criterion belongs to another action."))
    if not (text.strip() or link or file):
        raise NotPossible(_("Add words, a link or a file."))
    evidence = Evidence(
        action=action,
        criterion=criterion,
        text=text.strip(),
        link=link,
        by=by,
        at=now,
        file_name=(file.name or "")[:255] if file else "",
        file_size=file.size if file else None,
    )
    if file:
        evidence.file.save(file.name or "file", file, save=False)
    evidence.save()
    history.record(
        actor=by,
        verb="actions.evidence",
        target=action,
        after={"criterion": criterion.text if criterion else None, "evidence": str(evidence)},
    )
    return evidence


@transaction.atomic
def add_milestone(*, action: Action, title: str, due_at: datetime, by: User, now: datetime) -> Milestone:
    """A step with a deadline of its own, not after the action's; its owner is reminded as of the action itself."""
    if not action.is_open and not action.is_draft:
        raise NotPossible(_("This action is over; it needs no more milestones."))
    if due_at <= now:
        raise NotPossible(_("This milestone would already be over. Choose a day that lies ahead."))
    if action.due_at is not None and due_at > action.due_at:
        raise NotPossible(_("A milestone comes before the deadline of its action."))
    milestone = Milestone(action=action, title=title.strip(), due_at=due_at)
    milestone.full_clean()
    milestone.save()
    history.record(
        actor=by, verb="actions.milestone", target=action, after={"title": milestone.title, "due_at": due_at}
    )
    reminders.renew(action)
    return milestone


@transaction.atomic
def reach_milestone(*, milestone: Milestone, by: User, now: datetime) -> Milestone:
    """It is reached; its reminders are withdrawn."""
    if not Milestone.objects.filter(pk=milestone.pk, done_at=None).update(done_at=now, done_by=by):
        raise NotPossible(_("This milestone has been reached already."))
    milestone.done_at, milestone.done_by = now, by
    history.record(
        actor=by,
        verb="actions.milestone",
        target=milestone.action,
        after={"title": milestone.title, "done_at": now},
    )
    reminders.renew_milestone(milestone)
    return milestone
