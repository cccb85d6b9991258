"""What the figures say of a measured criterion, told to whoever owes the action and whoever accepts it."""

from datetime import datetime
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions import facts
from actions.models import Action, Criterion
from actions.queries import measured
from core.templatetags.figures import as_decimal
from notices import kinds
from notices import services as notices
from notices.kinds import Category, Kind
from notices.models import Notice
from notices.planning import Wanted
from people.models import User

JUDGED = "actions.judged"
Verdict = Criterion.Verdict


def tell(*, criterion: Criterion, before: str, value_before: Decimal | None, now: datetime) -> None:
    """Withdraw what waits of an older verdict; tell the new one. Figures that are gone again say nothing."""
    notices.withdraw(subject=criterion, kinds=[JUDGED])
    action = criterion.action
    if not criterion.verdict or not action.is_open:
        return
    params = {
        "verdict": criterion.verdict,
        "value": str(criterion.judged_value),
        "was": before,
        "was_value": "" if value_before is None else str(value_before),
    }
    notices.promise_all(
        Wanted(recipient=person, subject=criterion, kind=JUDGED, due_at=now, params=params)
        for person in (action.owner, action.acceptor)
        if person is not None and person.is_active
    )


# --- words ----------------------------------------------------------------------------------------------------
def _criterion(notice: Notice) -> Criterion:
    return cast("Criterion", notice.subject)


def _holds_still(notice: Notice) -> bool:
    criterion = _criterion(notice)
    return criterion.verdict == notice.params.get("verdict") and criterion.action.is_open


def _title(notice: Notice) -> str:
    words = {"number": _criterion(notice).action.reference, "criterion": measured.words(_criterion(notice))}
    if notice.params.get("verdict") == Verdict.MET:
        return _("%(number)s, met by the figures: %(criterion)s") % words
    return _("%(number)s, missed by the figures: %(criterion)s") % words


def _amount(notice: Notice, name: str) -> str:
    return measured.amount_words(_criterion(notice), as_decimal(notice.params.get(name)))


def _body(notice: Notice) -> str:
    words = [_("Measured: %(value)s.") % {"value": _amount(notice, "value")}]
    if notice.params.get("was"):
        words.append(
            _("The figures have changed: before it was %(value)s.") % {"value": _amount(notice, "was_value")}
        )
    return facts.after(" ".join(words), _criterion(notice).action)


def _readable(user: User, ids: set[int]) -> set[int]:
    """Of these criteria, those of actions that somebody may read."""
    rows = Criterion.objects.filter(pk__in=ids, action__in=Action.objects.visible_to(user))
    return set(rows.values_list("pk", flat=True))


def register() -> None:
    kinds.register(
        Kind(
            code=JUDGED,
            label=gettext_lazy("Judged by the figures"),
            icon="chart-line",
            is_wanted=_holds_still,
            title=_title,
            body=_body,
            url=lambda notice: (
                f"{_criterion(notice).action.get_absolute_url()}#criterion-{notice.subject_id}"
            ),
            related=("action__acceptor", "metric__current", "shop"),
            may_read=_readable,
            category=Category.ACTIONS,
        )
    )
