"""Amazon's transaction report (date range, or monthly unified): every movement of a seller's account, posted that day.

Rows are identical to each other now and then and count each time. Amounts keep Amazon's sign. Which rows are whose:
an order or refund by its type, everything else by its description, what is left over is "everything else".
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext_noop

from metrics.intake import values
from metrics.intake.columns import Column, Holds, Memory, normalised
from metrics.intake.kinds.base import Figure, ReportKind, Tally
from metrics.intake.names import NAMES
from metrics.intake.problems import Problems, Refusal

FILLED = frozenset(["posted", "type", "total"])


def _columns() -> tuple[Column, ...]:
    """The columns from the table beside this: a line per column, its names by language, several between bars.

    English includes Canada, the United Kingdom, India and older reports; "es" is Spain, "mx" Mexico.
    """
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as table:
        return tuple(_column(**row) for row in csv.DictReader(table))  # type: ignore[arg-type]


def _column(code: str, holds: Holds, **names: str) -> Column:
    called = {locale: tuple(cell.split(" | ")) for locale, cell in names.items() if cell}
    return Column(code, holds, called, required=code in FILLED, filled=code in FILLED)


COLUMNS = _columns()
AMOUNTS = tuple(column.code for column in COLUMNS if column.holds == "amount")
# What a line's total is made of.
PARTS = tuple(code for code in AMOUNTS if code not in ("quantity", "total"))
# Columns that no measure reads: identities of buyers and papers.
UNREAD = frozenset(["account", "fulfilment", "city", "state", "tax_model", "released"])


class Bucket(IntEnum):
    """Where a line belongs. Each line is in exactly one, so that all but TRANSFER add up to net proceeds."""

    ORDER = 1
    REFUND = 2
    TRANSFER = 3
    ADS = 4
    STORAGE = 5
    LONG_TERM_STORAGE = 6
    REMOVAL = 7
    INBOUND = 8
    PROMOTION = 9
    REIMBURSEMENT = 10
    OTHER = 11


# Types as written, in every language seen; those of OTHER are sorted by their description.
TYPES: dict[Bucket, str] = {
    Bucket.ORDER: "Order|Bestellung|Commande|Ordine|Pedido|注文|订单",
    Bucket.REFUND: "Refund|Erstattung|Remboursement|Rimborso|Reembolso|返金|退款",
    Bucket.TRANSFER: "Transfer|Übertrag|Transfert|Trasferimento|Transferir|Transferencia|振込み|振込|转账|Disbursement",
    Bucket.OTHER: (
        "Service Fee|Servicegebühr|Frais de service|Commissione di servizio|Tarifa de prestación de servicio|"
        "Tarifas de servicio|Tarifa de servicio|注文外料金|サービス料|"
        "Adjustment|Anpassung|Ajustement|Modifica|Ajuste|調整|"
        "FBA Inventory Fee|Versand durch Amazon Lagergebühr|Lagergebühr für Versand durch Amazon|"
        "Frais de stock Expédié par Amazon|Frais de stockage Expédié par Amazon|"
        "Costo di stoccaggio Logistica di Amazon|Tarifas de inventario de Logística de Amazon|FBA 在庫関連の手数料|"
        "Tarifa de inventario de FBA|FBA在庫関連の手数料|"
        "Fee Adjustment|Gebührenanpassung|Amazon Fees|Amazon-Gebühren|Frais Amazon|Tarifas de Amazon|Amazon手数料|"
        "Liquidations|Liquidations Adjustments|Liquidationen|FBA Transaction fees|FBA Customer Return Fee|"
        "Order_Retrocharge|Refund_Retrocharge|Chargeback Refund|Rückbuchung|Chargeback|"
        "A-to-z Guarantee Claim|A-to-z Guarantee Refund|A-to-z Claim|Debt|Verbindlichkeit|Solde négatif|Debito|Deuda|"
        "Lightning Deal Fee|Deal Fee|Blitzangebotsgebühr|Tarifa de Oferta flash|"
        "Shipping Services|Delivery Services|Lieferdienste|Services de livraison|Servizi di consegna|"
        "SAFE-T reimbursement|SAFE-T Reimbursement|Others|Other|Micro Deposit|Tax Withholding|"
        "Paid Services Fee|Early Reviewer Program|EPR|EPR Pay on Behalf|Fulfilment by Amazon|"
        "Amazon Capital Services|Loan|Payment|Previous Reserve Amount Balance|Current Reserve Amount"
    ),
}
TYPE_OF = {normalised(name): bucket for bucket, names in TYPES.items() for name in names.split("|")}
UNKNOWN_TYPE = 0

DESCRIPTIONS = {
    Bucket.ADS: (
        "cost of advertising|werbekosten|prix de la publicité|coût de la publicité|costo della pubblicità|"
        "gastos? de publicidad|costo de (?:la )?publicidad|広告費用|広告料|广告费"
    ),
    Bucket.LONG_TERM_STORAGE: (
        "fba (?:inventory )?long[- ]term storage fee|(?:fba )?aged inventory surcharge|langzeitlagergebühr|"
        ".*stockage (?:de )?longue durée|.*stoccaggio a lungo termine|"
        ".*almacenamiento (?:prolongado|a largo plazo)|.*長期保管手数料"
    ),
    Bucket.STORAGE: (
        "fba (?:monthly )?(?:inventory )?storage fee|(?:versand durch amazon )?lagergebühr|"
        "lagergebühr für versand durch amazon|frais de stockage|frais de stock expédié|tariffa di stoccaggio|"
        "costo di stoccaggio|tarifas? (?:mensual )?de almacenamiento|fba ?(?:在庫)?保管手数料|fba 月度仓储费"
    ),
    Bucket.REMOVAL: "fba removal order|fba disposal",
    Bucket.INBOUND: "fba inbound (?:placement|convenience|transportation|defect)",
    Bucket.PROMOTION: (
        "coupon |deal (?:performance|participation)|lightning deal|vine enrol|prime exclusive"
    ),
    Bucket.REIMBURSEMENT: "fba inventory (?:reimbursement|credit|compensation)",
}
PATTERNS = tuple((bucket, re.compile(pattern)) for bucket, pattern in DESCRIPTIONS.items())

# Bucket → measure ← column. "lines" counts lines.
MEASURES: dict[Bucket, dict[str, str]] = {
    Bucket.ORDER: {
        "order_lines": "lines",
        "units": "quantity",
        "product_sales": "product_sales",
        "product_sales_tax": "product_sales_tax",
        "shipping_credits": "shipping_credits",
        "shipping_credits_tax": "shipping_credits_tax",
        "giftwrap_credits": "giftwrap_credits",
        "giftwrap_credits_tax": "giftwrap_credits_tax",
        "promo_rebates": "promo_rebates",
        "promo_rebates_tax": "promo_rebates_tax",
        "withheld_tax": "withheld_tax",
        "selling_fees": "selling_fees",
        "fba_fees": "fba_fees",
        "other_transaction_fees": "other_transaction_fees",
        "order_proceeds": "total",
    },
    Bucket.REFUND: {
        "refund_rows": "lines",
        "refund_units": "quantity",
        "refund_sales": "product_sales",
        "refund_shipping_credits": "shipping_credits",
        "refund_giftwrap_credits": "giftwrap_credits",
        "refund_promo_rebates": "promo_rebates",
        "refund_total": "total",
    },
    Bucket.TRANSFER: {"transfers": "total"},
    Bucket.ADS: {"ad_cost": "total"},
    Bucket.STORAGE: {"storage_fee_charged": "total"},
    Bucket.LONG_TERM_STORAGE: {"storage_fee_long_term": "total"},
    Bucket.REMOVAL: {"removal_fees": "total"},
    Bucket.INBOUND: {"inbound_fees": "total"},
    Bucket.PROMOTION: {"promotion_fees": "total"},
    Bucket.REIMBURSEMENT: {"reimbursements": "total"},
    Bucket.OTHER: {"other_net": "total"},
}
BY_DESCRIPTION = tuple(
    measure for bucket in Bucket if bucket > Bucket.TRANSFER for measure in MEASURES[bucket]
)
# Measures of different orders, from the order numbers of these buckets.
DISTINCT = {"orders": Bucket.ORDER, "refund_orders": Bucket.REFUND}

SITES = {
    "com": "US", "ca": "CA", "com.mx": "MX", "com.br": "BR", "co.uk": "UK", "de": "DE", "fr": "FR", "it": "IT",
    "es": "ES", "nl": "NL", "se": "SE", "pl": "PL", "com.be": "BE", "com.tr": "TR", "ie": "IE", "co.jp": "JP",
    "jp": "JP", "com.au": "AU", "in": "IN", "sg": "SG", "ae": "AE", "sa": "SA",
}  # fmt: skip


def bucket_of_description(description: str) -> int:
    text = description.casefold()
    for bucket, pattern in PATTERNS:
        if pattern.match(text):
            return bucket
    return Bucket.OTHER


def rounded_in(codes: Sequence[str]) -> set[str]:
    """The codes of which Excel made rounded numbers: 7.82115E+12."""
    if "E+" not in "\n".join(codes):
        return set()
    return {text for text in codes if "E+" in text and values.EXPONENT.fullmatch(text)}


def site_of(marketplace: str) -> str:
    """`amazon.com`, `Amazon.co.uk` and `sim1.stores.amazon.com` as the country's two letters; "" when unknown."""
    _before, found, ending = marketplace.casefold().rpartition("amazon.")
    return SITES.get(ending, "") if found else ""


@dataclass
class TransactionTally(Tally):
    present: Mapping[str, int] = field(default_factory=dict)
    parts: list[pd.DataFrame] = field(default_factory=list)
    first_days: dict[str, dict[str, int]] = field(
        default_factory=lambda: {measure: {} for measure in DISTINCT}
    )
    deferred: int = 0
    rows: int = 0
    unknown_types: int = 0
    size: float = 0.0

    def __post_init__(self) -> None:
        self.type_of = Memory(lambda text: TYPE_OF.get(normalised(text), UNKNOWN_TYPE), UNKNOWN_TYPE)
        self.bucket_of = Memory(bucket_of_description, int(Bucket.OTHER))
        self.site_of = Memory(site_of, "")

    def add(self, columns: Mapping[str, Any], lines: Sequence[int], problems: Problems) -> None:
        buckets = self._buckets(columns, lines, problems)
        amounts = {code: columns[code] for code in AMOUNTS if code in columns}
        self._check_sums(amounts, lines, problems)
        self._watch_size(amounts)
        skus = columns.get("sku") or [""] * len(lines)
        frame = pd.DataFrame(
            {"bucket": buckets, "day": columns["posted"], "sku": skus, "lines": np.int64(values.ONE)}
            | amounts
        )
        self.parts.append(frame.groupby(["bucket", "day", "sku"], sort=False).sum())
        if len(self.parts) >= 16:
            self.parts = [self._total()]
        self._count_orders(columns, buckets)
        self._check_identities(columns, buckets, lines, problems)
        self._note(columns, buckets, lines)

    def _buckets(self, columns: Mapping[str, Any], lines: Sequence[int], problems: Problems) -> Any:
        """Each line's bucket: by type where that says it all, else by description."""
        types = columns["type"]
        buckets = np.fromiter(map(self.type_of.__getitem__, types), np.int64, len(types))
        for position in np.flatnonzero(buckets == UNKNOWN_TYPE).tolist():
            if types[position]:
                self.unknown_types += 1
                problems.add("warning", "type_unknown", lines[position], "type", types[position])
        others = np.flatnonzero((buckets == Bucket.OTHER) | (buckets == UNKNOWN_TYPE))
        if descriptions := columns.get("description"):
            buckets[others] = [self.bucket_of[descriptions[position]] for position in others]
        else:
            buckets[others] = Bucket.OTHER
        self.rows += len(types)
        return buckets

    def _check_sums(self, amounts: Mapping[str, Any], lines: Sequence[int], problems: Problems) -> None:
        """A line's amounts make its total. Amazon itself errs once in some thousand lines, so it is only told."""
        present = [amounts[code] for code in PARTS if code in amounts]
        sums = np.sum(present, axis=0)
        for position in np.flatnonzero((sums != amounts["total"]) & (amounts["total"] > -(2**62))).tolist():
            said = values.as_text(values.unscaled(int(amounts["total"][position])))
            added = values.as_text(values.unscaled(int(sums[position])))
            problems.add("warning", "row_sum", lines[position], "total", said, sum=added)

    def _watch_size(self, amounts: Mapping[str, Any]) -> None:
        """Sums of 64 bits hold nine million millions; beyond that figures would be silently wrong."""
        self.size += max(
            float(np.abs(np.maximum(array, -(2**62))).sum(dtype=float)) for array in amounts.values()
        )
        if self.size > 2.0**62 and not any((array < -(2**62)).any() for array in amounts.values()):
            raise Refusal("number_too_large", column="total")

    def _count_orders(self, columns: Mapping[str, Any], buckets: Any) -> None:
        """An order counts on the day of its first line, so that the days of a report add up to its orders."""
        if not (orders := columns.get("order")):
            return
        days = columns["posted"]
        for measure, bucket in DISTINCT.items():
            first = self.first_days[measure]
            of_bucket = np.flatnonzero(buckets == bucket)
            for position, day in zip(of_bucket.tolist(), days[of_bucket].tolist(), strict=True):
                first.setdefault(orders[position], day)
            first.pop("", None)

    def _check_identities(
        self, columns: Mapping[str, Any], buckets: Any, lines: Sequence[int], problems: Problems
    ) -> None:
        """SKUs, and order numbers of orders, that Excel rounded are lost, and with them what they tell apart."""
        for code, label, of_all in (("order", "order id", False), ("sku", "sku", True)):
            rounded = rounded_in(columns.get(code, ()))
            for position, text in enumerate(columns[code] if rounded else ()):
                if text in rounded and (of_all or buckets[position] <= Bucket.REFUND):
                    problems.add("warning", "identity_damaged", lines[position], label, text)

    def _note(self, columns: Mapping[str, Any], buckets: Any, lines: Sequence[int]) -> None:
        days, first_rows, counts = np.unique(columns["posted"], return_index=True, return_counts=True)
        for day, position, count in zip(days.tolist(), first_rows.tolist(), counts.tolist(), strict=True):
            self.days.setdefault(day, [lines[position], 0])[1] += count
        for site in map(self.site_of.__getitem__, set(columns.get("marketplace", ()))):
            if site:
                self.marketplaces[site] = self.marketplaces.get(site, 0) + 1
        if statuses := columns.get("status"):
            self.deferred += sum(status.casefold() in ("deferred", "aufgeschoben") for status in statuses)
        if (skus := columns.get("sku")) and (descriptions := columns.get("description")):
            for position in np.flatnonzero(buckets == Bucket.ORDER).tolist():
                if skus[position] not in self.titles:
                    self.titles[skus[position]] = ("", descriptions[position])
        self._note_excel(columns)

    def _note_excel(self, columns: Mapping[str, Any]) -> None:
        rounded = len(rounded_in(columns.get("settlement", ()))) + len(rounded_in(columns.get("order", ())))
        self.mark(gettext_noop("long numbers were rounded"), rounded)
        if "US" in self.marketplaces:
            short = sum(len(text) in (3, 4) and text.isdecimal() for text in set(columns.get("postal", ())))
            self.mark(gettext_noop("postal codes lost their leading zeros"), short)

    def evidence(self) -> dict[str, Any]:
        return {"rows_deferred": self.deferred} if "status" in self.present else {}

    def judge(self, problems: Problems) -> None:
        """Types of a language that is not known here would leave the orders at zero without a word."""
        if self.unknown_types * 2 > self.rows:
            problems.add("error", "types_foreign", column="type", count=self.unknown_types, rows=self.rows)

    def _total(self) -> pd.DataFrame:
        return pd.concat(self.parts).groupby(level=["bucket", "day", "sku"], sort=False).sum()

    def figures(self, first: date, last: date) -> Iterable[Figure]:
        found = self._by_measure()
        for measure in self.measures():
            with_rows = set()
            for (day, sku), value in found.get(measure, {}).items():
                if value:
                    with_rows.add(day)
                    yield measure, date.fromordinal(day), sku, values.unscaled(value)
            # A day that is covered and has no such line is a zero, which is not the same as no figure.
            for day in range(first.toordinal(), last.toordinal() + 1):
                if day not in with_rows:
                    yield measure, date.fromordinal(day), "", Decimal(0)

    def _by_measure(self) -> dict[str, dict[tuple[int, str], int]]:
        """Measure → (day, SKU) → millionths."""
        total = self._total()
        found = {}
        for bucket in set(total.index.get_level_values("bucket")):
            part = total.loc[bucket]
            for measure, column in MEASURES[Bucket(bucket)].items():
                if column in part:
                    found[measure] = part[column].to_dict()
        net = total.drop(index=int(Bucket.TRANSFER), level="bucket", errors="ignore")
        found["net_proceeds"] = net.groupby(level=["day", "sku"])["total"].sum().to_dict()
        for measure, orders in self.first_days.items():
            counted = Counter(orders.values())
            found[measure] = {(day, ""): count * values.ONE for day, count in counted.items()}
        return found

    def measures(self) -> list[str]:
        return [code for code in KIND.measures() if code not in _without(self.present)]


def _needs() -> dict[str, str]:
    needed = {measure: column for measures in MEASURES.values() for measure, column in measures.items()}
    return needed | dict.fromkeys(DISTINCT, "order") | {"net_proceeds": "total"}


def _without(present: Mapping[str, int]) -> set[str]:
    """The measures that cannot be told from these columns."""
    missing = {measure for measure, column in _needs().items() if column != "lines" and column not in present}
    return missing | (set(BY_DESCRIPTION) if "description" not in present else set())


@dataclass(frozen=True, eq=False)
class AmazonTransactions(ReportKind):
    def measures(self) -> list[str]:
        return list(_needs())

    def unfilled_without(self, column: str) -> list[str]:
        others = {code: 0 for code in (known.code for known in self.columns) if code != column}
        return [measure for measure in self.measures() if measure in _without(others)]

    def tally(self, present: Mapping[str, int]) -> TransactionTally:
        return TransactionTally(present=present)

    def reads(self, code: str) -> bool:
        return code not in UNREAD


KIND = AmazonTransactions(
    code="amazon_transactions",
    name_en=NAMES["amazon_transactions"],
    platform="amazon",
    columns=COLUMNS,
    threshold=10,
)
