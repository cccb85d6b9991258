"""What an hour costs: rates with the day from which they count. An earlier rate stays for the meetings of its time."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from core import history
from meetings.models import CostRate
from people.models import Department, User


@transaction.atomic
def set_rate(
    *, department: Department | None, per_hour: Decimal, currency: str, valid_from: date, by: User
) -> CostRate:
    """The rate of a department, or of the company (None), from a day on. A rate of the same day is corrected.

    Raises ValidationError for a negative amount.
    """
    rate = (
        CostRate.objects.select_for_update().filter(department=department, valid_from=valid_from).first()
    ) or CostRate(department=department, valid_from=valid_from)
    before = _facts(rate) if rate.pk else None
    rate.per_hour, rate.currency = per_hour, currency
    rate.full_clean()
    rate.save()
    history.record(actor=by, verb="meetings.cost_rate_set", target=rate, before=before, after=_facts(rate))
    return rate


@transaction.atomic
def remove_rate(*, rate: CostRate, by: User) -> None:
    """Take back a rate that was set for a wrong day; the one before it counts again."""
    history.record(actor=by, verb="meetings.cost_rate_removed", target=rate, before=_facts(rate))
    rate.delete()


def _facts(rate: CostRate) -> dict[str, object]:
    return {
        "department": rate.department.code if rate.department else "",
        "per_hour": rate.per_hour,
        "currency": rate.currency,
        "valid_from": rate.valid_from,
    }
