"""The company's own rules: what follows a meeting by when, and whether actions are checked before they count."""

import uuid
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from core import history
from core.models import Company
from meetings import rhythm
from meetings.errors import NotAllowed
from meetings.models import ClockRule
from people.models import User


@transaction.atomic
def add_rule(*, by: User, **terms: Any) -> ClockRule:
    """A rule of the company's own, measured from the actual end of meetings. Counts for meetings that end from now on.

    `terms` are fields of ClockRule: names, `offset`, `applies`, `department_code`, `reminders`.
    """
    rule = ClockRule(kind=f"own-{uuid.uuid4().hex[:12]}", anchor=ClockRule.Anchor.MEETING_END, **terms)
    rule.full_clean()
    rule.save()
    history.record(actor=by, verb="meetings.rule_added", target=rule, after=_said(rule))
    return rule


@transaction.atomic
def change_rule(*, rule: ClockRule, by: User, **terms: Any) -> ClockRule:
    """Change a rule. Duties that run keep the instant they were given; their reminders follow the rule."""
    rule = ClockRule.objects.select_for_update().get(pk=rule.pk)
    before = _said(rule)
    for name, value in terms.items():
        setattr(rule, name, value)
    rule.full_clean()
    rule.save(update_fields=[*terms])
    history.record(actor=by, verb="meetings.rule_changed", target=rule, before=before, after=_said(rule))
    if rule.kind in (ClockRule.Kind.PROGRESS, ClockRule.Kind.KR_REVIEW):
        rhythm.plan()
    return rule


@transaction.atomic
def remove_rule(*, rule: ClockRule, by: User) -> None:
    """Take a rule of the company's own away; duties that it started still have to be done.

    Raises NotAllowed for the rules of the program itself.
    """
    if rule.is_standard:
        raise NotAllowed(_("This rule belongs to the program; it can be changed, but not removed."))
    history.record(actor=by, verb="meetings.rule_removed", target=rule, before=_said(rule))
    rule.delete()


@transaction.atomic
def set_checks(*, checks_actions: bool, by: User) -> Company:
    """Whether proposed actions are checked by the head of the department and confirmed by an executive."""
    company, _is_new = Company.objects.select_for_update().get_or_create(pk=1)
    if company.checks_actions != checks_actions:
        company.checks_actions = checks_actions
        company.save(update_fields=["checks_actions"])
        history.record(
            actor=by,
            verb="company.checks_actions",
            target=company,
            before={"checks_actions": not checks_actions},
            after={"checks_actions": checks_actions},
        )
    return company


def _said(rule: ClockRule) -> dict[str, Any]:
    return {name: str(value) for name, value in model_to_dict(rule).items()}
