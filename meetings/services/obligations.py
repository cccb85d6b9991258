"""What must follow a meeting: duties whose clocks start at its actual end."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import history
from meetings import clock_rules, reminders
from meetings.errors import NotAllowed
from meetings.models import ClockRule, Decision, Meeting, Obligation
from notices import services as notices
from people import queries as people
from people.models import Department, User


@transaction.atomic
def ensure(*, meeting: Meeting, now: datetime) -> list[Obligation]:
    """Create the duties that an ended meeting has by the clock rules, with their reminders; safe to call again.

    Does nothing before the end. A duty that no longer applies (the budget decision was withdrawn) and is still open
    goes again.
    """
    if meeting.ended_at is None:
        return []
    created = []
    for rule in clock_rules.after_meeting():
        if not _applies(rule, meeting):
            for gone in Obligation.objects.open().filter(meeting=meeting, kind=rule.kind):
                notices.withdraw(subject=gone)
                gone.delete()
            continue
        department = Department.objects.filter(code=rule.department_code).first()
        obligation, is_new = Obligation.objects.get_or_create(
            meeting=meeting,
            kind=rule.kind,
            defaults={
                "anchor_at": meeting.ended_at,
                "due_at": clock_rules.due_after(rule, meeting, meeting.ended_at),
                "name_en": rule.name_en,
                "name_zh": rule.name_zh,
                "owner": _owner(meeting, department),
                "department": department,
            },
        )
        if is_new:
            reminders.plan_obligation(obligation, now=now)
            created.append(obligation)
    return created


def _applies(rule: ClockRule, meeting: Meeting) -> bool:
    if rule.applies == ClockRule.Applies.ALWAYS:
        return True
    return Decision.objects.filter(
        meeting=meeting, kind=Decision.Kind.BUDGET, outcome=Decision.Outcome.DECIDED
    ).exists()


def _owner(meeting: Meeting, department: Department | None) -> User:
    """The department's lead where the rule names one that has a lead, else the host."""
    lead = people.leads(department).first() if department else None
    return lead or meeting.host


@transaction.atomic
def fulfil(
    *,
    obligation: Obligation,
    at: datetime,
    by: User,
    note: str = "",
    link: str = "",
    file: UploadedFile | None = None,
) -> Obligation:
    """Note that the duty was done at `at`, and withdraw its reminders. The first time counts, later calls do nothing.

    Whether it was in time follows from `at` and the due instant. `note`, `link` and `file` (checked by the form) are
    the artefact. Raises NotAllowed for an instant before the end of the meeting.
    """
    if at < obligation.anchor_at:
        raise NotAllowed(_("This cannot have been done before the meeting ended."))
    artefact = {"artefact_note": note.strip(), "artefact_url": link}
    if Obligation.objects.open().filter(pk=obligation.pk).update(met_at=at, met_by=by, **artefact):
        if file is not None:
            obligation.artefact_name = (file.name or "")[:200]
            obligation.artefact_file.save(obligation.artefact_name or "file", file, save=False)
            obligation.save(update_fields=["artefact_file", "artefact_name"])
        notices.withdraw(subject=obligation)
        history.record(actor=by, verb="meetings.obligation_met", target=obligation, after={"met_at": at})
    obligation.refresh_from_db(fields=["met_at", "met_by", "artefact_note", "artefact_url", "artefact_file"])
    return obligation
