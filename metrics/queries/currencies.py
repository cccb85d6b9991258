"""Amounts of shops with different currencies, brought to one: by the rate of the month in which they fall."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from metrics.models import ExchangeRate, Shop


class CurrencyError(Exception):
    """Amounts cannot be added up; the text says for people what is missing."""


class MissingRate(CurrencyError):
    """There is no rate for a currency in a month."""


@dataclass(frozen=True)
class Rates:
    """What one unit of a currency is worth in `currency`, month by month."""

    currency: str
    by_month: dict[tuple[str, date], Decimal] = field(default_factory=dict)

    @classmethod
    def into(cls, currency: str, others: Iterable[str]) -> "Rates":
        """The rates of `others`, also those that are kept the other way round. One query, none without others."""
        foreign = sorted(set(others) - {currency})
        if not foreign:
            return cls(currency)
        rows = ExchangeRate.objects.filter(
            Q(currency__in=foreign, base=currency) | Q(currency=currency, base__in=foreign)
        ).values_list("currency", "base", "month", "rate")
        by_month: dict[tuple[str, date], Decimal] = {}
        for source, base, month, rate in rows:
            if base == currency:
                by_month[source, month] = rate
            else:
                by_month.setdefault((base, month), 1 / rate)
        return cls(currency, by_month)

    def convert(self, amount: Decimal, currency: str, month: date) -> Decimal:
        """Raises MissingRate with a sentence that names currency and month."""
        if currency == self.currency:
            return amount
        rate = self.by_month.get((currency, month))
        if rate is None:
            raise MissingRate(
                _("There is no exchange rate from %(currency)s to %(base)s for %(month)s.")
                % {"currency": currency, "base": self.currency, "month": f"{month:%Y-%m}"}
            )
        return amount * rate


def choose(shops: Iterable[Shop], wanted: str | None = None) -> str:
    """The currency in which the amounts of these shops are shown; "" without shops.

    The wanted one; else the shops' own where they share it; else the one into which rates are kept. Raises
    CurrencyError when there are several and no rates. A query only for several currencies.
    """
    if wanted:
        if not (len(wanted) == 3 and wanted.isascii() and wanted.isalpha()):
            raise CurrencyError(
                _("“%(text)s” is no currency; write three letters, such as USD.") % {"text": wanted}
            )
        return wanted.upper()
    own = sorted({shop.currency for shop in shops})
    if len(own) < 2:
        return "".join(own)
    base = ExchangeRate.objects.order_by("-month", "-pk").values_list("base", flat=True).first()
    if base is None:
        raise CurrencyError(
            _("The shops have amounts in %(currencies)s. Choose one shop, or enter exchange rates.")
            % {"currencies": ", ".join(own)}
        )
    return base
