"""The company changes its ladder of reminders."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from actions import ladder
from actions.models import EscalationStep
from core import history
from people.models import User


@transaction.atomic
def add_step(*, whom: str, offset: timedelta, is_active: bool, by: User) -> EscalationStep:
    """A new rung; it speaks for every open action, once and at once where its instant lies up to two weeks back.

    Raises ValidationError for a rung that is there already or further than 30 days away.
    """
    step = _written(EscalationStep(whom=whom, offset=offset, is_active=is_active))
    step.save()
    history.record(actor=by, verb="actions.rung_added", target=step, after=_said(step))
    return step


@transaction.atomic
def change_step(
    *, step: EscalationStep, whom: str, offset: timedelta, is_active: bool, by: User
) -> EscalationStep:
    """What waits already is asked again before it goes out; what is missing, also what lies up to two weeks back, the
    reconciler promises within ten minutes.

    Raises ValidationError as `add_step`.
    """
    step = EscalationStep.objects.select_for_update().get(pk=step.pk)
    before = _said(step)
    step.whom, step.offset, step.is_active = whom, offset, is_active
    _written(step).save(update_fields=["whom", "offset", "is_active", "name_en", "name_zh"])
    history.record(actor=by, verb="actions.rung_changed", target=step, before=before, after=_said(step))
    return step


@transaction.atomic
def remove_step(*, step: EscalationStep, by: User) -> None:
    history.record(actor=by, verb="actions.rung_removed", target=step, before=_said(step))
    step.delete()


def _written(step: EscalationStep) -> EscalationStep:
    for language, field in (("en", "name_en"), ("zh-hans", "name_zh")):
        with translation.override(language):
            setattr(step, field, ladder.rung_words(step.whom, step.offset))
    step.full_clean()
    return step


def _said(step: EscalationStep) -> dict[str, Any]:
    return {"whom": step.whom, "offset": step.offset, "is_active": step.is_active}
