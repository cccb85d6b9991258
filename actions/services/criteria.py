"""What must be true for an action to be accepted: measured by figures, or said by its owner, who shows it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from actions import verdict_notices
from actions.errors import Incomplete, NotPossible
from actions.models import Action, Criterion
from actions.queries import measured
from actions.services.capture import check
from core import history
from metrics.models import Metric, Shop
from people.models import User

EIGHT_PLACES = Decimal("0.00000001")


@transaction.atomic
def add_measured(
    *,
    action: Action,
    metric: Metric,
    comparator: str,
    value: Decimal,
    window_start: date,
    window_end: date,
    by: User,
    now: datetime,
    shop: Shop | None = None,
    currency: str = "",
) -> Criterion:
    """Let the figures decide: true when `metric` over these days (both included) compares so with `value`.

    `value` is in the unit that the dictionary computes, a share is a fraction; without `shop` all shops count
    together. It is judged at once, and again whenever the figures change. Raises NotPossible for an action whose
    terms stand.
    """
    if not (action.is_draft or action.is_owed):
        raise NotPossible(_("It waits to be accepted or is over; its terms stand."))
    history.acting(by)
    last = action.criteria.aggregate(last=Max("position"))["last"]
    criterion = Criterion(
        action=action,
        position=0 if last is None else last + 1,
        metric=metric,
        comparator=comparator,
        value=value,
        currency=currency,
        shop=shop,
        window_start=window_start,
        window_end=window_end,
    )
    criterion.text = measured.sentence(criterion)[:500]
    criterion.full_clean(validate_unique=False)
    criterion.save()
    history.record(
        actor=by, verb="actions.criterion_added", target=action, after={"criterion": criterion.text}
    )
    judge(criteria=[criterion], now=now)
    return criterion


@transaction.atomic
def drop_measured(*, criterion: Criterion, by: User, now: datetime) -> None:
    """Take a measured criterion off. Raises NotPossible when something was shown for it, Incomplete without others."""
    action = criterion.action
    if not (action.is_draft or action.is_owed):
        raise NotPossible(_("It waits to be accepted or is over; its terms stand."))
    if criterion.evidence.exists():
        raise NotPossible(_("Something has been shown for this criterion already; it stays."))
    history.acting(by)
    text = criterion.text
    criterion.delete()
    if not action.is_draft:
        findings = [one for one in check(action=action, now=now) if one.code != "due.past"]
        if findings:
            raise Incomplete(findings)
    history.record(actor=by, verb="actions.criterion_dropped", target=action, before={"criterion": text})


@transaction.atomic
def mark_criterion(
    *, criterion: Criterion, is_met: bool, by: User, now: datetime, no_evidence_because: str = ""
) -> Criterion:
    """The owner says that a criterion is met, or that it is not after all.

    A word alone shows nothing: there is evidence for it, or a reason why there is nothing to show.
    """
    reason = no_evidence_because.strip() if is_met else ""
    if is_met and not reason and not criterion.evidence.exists():
        raise NotPossible(_("Add evidence for it first, or say why there is nothing to show."))
    history.acting(by)
    open_one = Criterion.objects.filter(
        pk=criterion.pk,
        met_at__isnull=is_met,
        action__status__in=Action.OWED,
        action__published_at__isnull=False,
    )
    if not open_one.update(
        met_at=now if is_met else None, met_by=by if is_met else None, no_evidence_because=reason
    ):
        raise NotPossible(
            _("This criterion cannot be marked any more; reload the page to see how it stands.")
        )
    criterion.met_at, criterion.met_by = (now, by) if is_met else (None, None)
    criterion.no_evidence_because = reason
    history.record(
        actor=by,
        verb="actions.criterion",
        target=criterion.action,
        before={"is_met": not is_met},
        after={"criterion": criterion.text, "is_met": is_met},
        note=reason,
    )
    return criterion


# --- proof ----------------------------------------------------------------------------------------------------
def is_proven(criterion: Criterion) -> bool:
    """Shown by evidence, met by the figures, or with a reason why there is nothing to show."""
    by_figures = criterion.is_measured and criterion.is_met
    return bool(by_figures or criterion.no_evidence_because or criterion.evidence.all())


def require_proof(action: Action) -> None:
    """Refuse with NotPossible while something is shown for less than every criterion."""
    criteria = action.criteria.select_related("metric__current", "shop").prefetch_related("evidence")
    open_ones = [measured.words(one) for one in criteria.order_by("position") if not is_proven(one)]
    if open_ones:
        raise NotPossible(
            _("Show evidence for each criterion, or say why there is nothing to show: %(criteria)s")
            % {"criteria": "; ".join(open_ones)}
        )


# --- judging by the figures -----------------------------------------------------------------------------------
def judge_all(*, now: datetime, shop_id: int | None = None) -> int:
    """Judge the measured criteria of all actions that are not over; of one shop, and of all together, with `shop_id`.

    Returns how many verdicts changed. Run twice it changes nothing the second time.
    """
    rows = Criterion.objects.filter(metric__isnull=False, action__status__in=Action.OPEN)
    if shop_id is not None:
        rows = rows.filter(Q(shop=shop_id) | Q(shop=None))
    rows = rows.select_related("metric__current", "shop", "action__owner", "action__acceptor")
    return judge(criteria=rows.order_by("pk"), now=now)


def judge(*, criteria: Iterable[Criterion], now: datetime) -> int:
    """Write down what the figures say now. A verdict that changes goes into the history and to owner and acceptor."""
    judged = list(criteria)
    found = measured.readings(judged)
    return sum(_write(one, found[one.pk], now) for one in judged if one.pk in found)


@transaction.atomic
def _write(criterion: Criterion, reading: measured.Reading, now: datetime) -> bool:
    """Whether the verdict changed. Of two workers who judge at once one finds the row as it was."""
    before, value_before = criterion.verdict, criterion.judged_value
    verdict = reading.verdict(criterion)
    value = reading.value.quantize(EIGHT_PLACES) if verdict and reading.value is not None else None
    if (verdict, value) == (before, value_before):
        return False
    history.acting(None)
    row = Criterion.objects.filter(
        pk=criterion.pk, verdict=before, judged_value=value_before, action__status__in=Action.OPEN
    )
    if not row.update(verdict=verdict, judged_value=value, judged_at=now if verdict else None):
        return False
    criterion.verdict, criterion.judged_value = verdict, value
    criterion.judged_at = now if verdict else None
    if verdict == before:
        return False
    history.record(
        actor=None,
        verb="actions.verdict",
        target=criterion.action,
        before={"verdict": before, "value": value_before},
        after={"verdict": verdict, "value": value, "criterion": criterion.text},
    )
    verdict_notices.tell(criterion=criterion, before=before, value_before=value_before, now=now)
    return True
