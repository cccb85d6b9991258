"""The same report as other people have it: languages, encodings, preambles, old columns, the hands of Excel."""

from decimal import Decimal

import pytest

from core.periods import Period
from metrics.intake.kinds.amazon_transactions import COLUMNS
from metrics.intake.outcome import Stated
from metrics.models import Shop
from tests.metrics.intake.reports import HEADER, STORAGE, codes, month, row, text, tried, written

pytestmark = pytest.mark.django_db

ENGLISH = {name: column for column in COLUMNS for name in column.names["en"]}
FORGET = {"account type", "Regulatory Fee", "Tax On Regulatory Fee"}


def shop(marketplace: str, currency: str) -> Shop:
    return Shop.objects.create(
        code=marketplace.lower(), name=marketplace, marketplace=marketplace, currency=currency
    )


def localised(locale: str) -> list[str]:
    """The header in a language, in the order of the English one, columns without a name left English."""
    return [ENGLISH[name].names.get(locale, ENGLISH[name].names["en"])[0] for name in HEADER]


@pytest.mark.parametrize(
    ("locale", "marketplace", "currency", "site", "order", "refund", "date"),
    [
        ("de", "DE", "EUR", "amazon.de", "Bestellung", "Erstattung", "14.10.2025 07:49:55 UTC"),
        ("fr", "FR", "EUR", "amazon.fr", "Commande", "Remboursement", "14 oct. 2025 07:31:04 UTC"),
        ("it", "IT", "EUR", "amazon.it", "Ordine", "Rimborso", "14 ott 2025 07:08:12 UTC"),
        ("es", "ES", "EUR", "amazon.es", "Pedido", "Reembolso", "14 oct 2025 20:15:36 UTC"),
        ("mx", "MX", "MXN", "amazon.com.mx", "Pedido", "Reembolso", "14 oct 2025 04:32:20 GMT-7"),
        ("ja", "JP", "JPY", "amazon.co.jp", "注文", "返金", "2025/10/14 0:23:28JST"),
    ],
)
def test_other_languages(tmp_path, locale, marketplace, currency, site, order, refund, date):
    shop(marketplace, currency)
    comma = locale in ("de", "fr", "it", "es")
    said = "1.141,18" if comma else "1,141.18"
    rows = [
        row(
            date=date,
            type=order,
            marketplace=site,
            product_sales=said,
            total=said,
            selling_fees="0",
            fba_fees="0",
        ),
        row(
            date=date,
            type=refund,
            marketplace=site,
            product_sales="-5",
            total="-5",
            selling_fees="0",
            fba_fees="0",
        ),
    ]

    outcome = tried(written(tmp_path, text(rows, localised(locale))))

    assert codes(outcome, "error") == []
    assert (outcome.locale, outcome.currency, outcome.period) == (locale, currency, Period.month(2025, 10))
    totals = outcome.totals
    assert (totals["orders"], totals["product_sales"], totals["refund_sales"]) == (1, Decimal("1141.18"), -5)


def test_columns_are_found_by_name_and_not_by_place(tmp_path):
    kept = [name for name in HEADER if name not in FORGET]
    lines = [",".join(kept)]
    lines += [",".join(f'"{one[name]}"' for name in kept) for one in month()]

    outcome = tried(written(tmp_path, "\n".join(lines)))

    assert outcome.totals["product_sales"] == Decimal("18.87")


def test_columns_of_old_reports(tmp_path):
    old = [
        name
        for name in HEADER
        if not name.endswith(" tax") and name not in FORGET and name != "tax collection model"
    ]
    old.insert(old.index("selling fees"), "sales tax collected")
    rows = [one | {"sales tax collected": "0.50"} for one in month()]
    lines = [",".join(old), *(",".join(f'"{one[name]}"' for name in old) for one in rows)]

    outcome = tried(written(tmp_path, "\n".join(lines)))

    assert outcome.status == "dry_run"
    assert outcome.totals["product_sales_tax"] == Decimal("1.50")
    assert "withheld_tax" not in outcome.totals, "what a report does not say is not zero"


def test_measures_without_their_column_are_left_unknown(tmp_path):
    kept = [name for name in HEADER if name != "description"]
    lines = [",".join(kept), *(",".join(f'"{one[name]}"' for name in kept) for one in month())]

    outcome = tried(written(tmp_path, "\n".join(lines)))

    assert codes(outcome) == ["column_absent"]
    assert "ad_cost" not in outcome.totals
    assert outcome.totals["orders"] == 3


def test_a_column_that_is_needed(tmp_path):
    kept = [name for name in HEADER if name != "total"]
    lines = [",".join(kept), *(",".join(f'"{one[name]}"' for name in kept) for one in month())]

    outcome = tried(written(tmp_path, "\n".join(lines)))

    assert [(p.code, p.column) for p in outcome.problems if p.level == "error"] == [
        ("column_missing", "total")
    ]


def test_a_column_that_stands_there_twice(tmp_path):
    header = [*HEADER[:-1], "other"]

    assert codes(tried(written(tmp_path, text(month(), header)))) == ["column_twice"]


def test_too_few_known_columns(tmp_path):
    outcome = tried(written(tmp_path, "date/time,type,order id,sku,description,total\n"))

    assert codes(outcome) == ["header_incomplete"]


DEFINITIONS = [f'"Definition {number}: words"' for number in range(5)]


@pytest.mark.parametrize("lines", [0, 5, 7, 9])
def test_the_header_is_found_below_any_preamble(tmp_path, lines):
    above = [
        '"All amounts in USD, unless specified"',
        '"date/time: posted date/time of the transaction"',
        *DEFINITIONS,
    ]
    above = [*above, *DEFINITIONS][:lines]

    outcome = tried(written(tmp_path, text(month(), preamble="".join(f"{line}\r\n" for line in above))))

    assert (outcome.header_line, outcome.rows_read) == (lines + 1, 3)
    assert outcome.totals["orders"] == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separators(tmp_path, delimiter):
    outcome = tried(written(tmp_path, text(month(), delimiter=delimiter)))

    assert (outcome.delimiter, outcome.totals["orders"]) == (delimiter, 3)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(tmp_path, end):
    outcome = tried(written(tmp_path, text(month(), end=end)))

    assert (outcome.rows_read, outcome.totals["orders"]) == (3, 3)
    assert ("excel_resaved" in codes(outcome)) == (end == "\r")


TITLES = {
    "utf-8": "领带架 Größe 😀",
    "utf-8-sig": "领带架",
    "utf-16": "领带架",
    "utf-16-le": "领带架",
    "gb18030": "领带架，门后挂钩，黑色两件装",
    "cp1252": "Krawattenhalter für die Tür, weiß, Größe 2 – schön",
    "cp932": "ネクタイハンガー、ドアフック、黒",
}


@pytest.mark.parametrize("encoding", TITLES)
def test_encodings(tmp_path, encoding):
    rows = month(description=TITLES[encoding])

    outcome = tried(written(tmp_path, text(rows), encoding=encoding))

    assert (outcome.encoding, outcome.totals["orders"]) == (encoding, 3)


def test_a_german_header_in_windows_1252(tmp_path):
    shop("DE", "EUR")
    rows = month(type="Bestellung", marketplace="amazon.de", date="14.10.2025 07:49:55 UTC")

    outcome = tried(written(tmp_path, text(rows, localised("de")), encoding="cp1252"))

    assert (outcome.encoding, outcome.locale, outcome.totals["orders"]) == ("cp1252", "de", 3)


def test_a_damaged_column_name_is_recognised_and_told(tmp_path):
    shop("DE", "EUR")
    header = [name.replace("Umsätze", "Ums?tze") for name in localised("de")]
    rows = month(type="Bestellung", marketplace="amazon.de", date="14.10.2025 07:49:55 UTC")

    outcome = tried(written(tmp_path, text(rows, header)))

    assert "column_damaged" in codes(outcome)
    assert outcome.totals["product_sales"] == Decimal("18.87")


def test_header_names_with_spaces_dashes_and_marks_around_them(tmp_path):
    header = [f"  {name.upper()}\u00a0" for name in HEADER]

    assert tried(written(tmp_path, text(month(), header))).totals["orders"] == 3


def test_a_few_damaged_characters_in_utf8_are_told_by_line(tmp_path):
    content = text(month(description="领带架门后挂钩黑色两件装")).encode()
    broken = content.replace("领".encode(), b"\xe9\xa2", 1)

    outcome = tried(written(tmp_path, broken))

    assert (outcome.encoding, codes(outcome)) == ("utf-8", ["damaged_text"])
    assert outcome.problems[0].line == 2


# --- what the rows say ------------------------------------------------------------------------------------
def test_identical_rows_count_each(tmp_path):
    outcome = tried(written(tmp_path, text([*month(), *month()])))

    assert (outcome.rows_accepted, outcome.totals["units"], outcome.totals["orders"]) == (6, 6, 3)


def test_an_order_counts_once_on_the_day_of_its_first_line(tmp_path):
    rows = [
        row(date="Oct 30, 2025 1:00:00 PM PDT", order_id="A"),
        row(date="Oct 31, 2025 1:00:00 PM PDT", order_id="A"),
    ]

    outcome = tried(written(tmp_path, text([*month(), *rows])))

    assert (outcome.totals["orders"], outcome.totals["order_lines"]) == (4, 5)


def test_lines_that_are_no_orders_go_where_their_description_says(tmp_path):
    def other(description: str, total: str, kind: str = "Service Fee") -> dict[str, str]:
        return row(type=kind, order_id="", sku="", description=description, product_sales="0", other=total,
                   selling_fees="0", fba_fees="0", total=total)  # fmt: skip

    rows = [
        other("Cost of Advertising", "-1,603.21"),
        other("FBA storage fee", "-86.88", "FBA Inventory Fee"),
        other("FBA Long-Term Storage Fee", "-1.10", "FBA Inventory Fee"),
        other("Subscription", "-39.99"),
        other("To your account ending in 000", "-2000", "Transfer"),
        other("FBA Inventory Reimbursement - Lost:Warehouse", "4.20", "Adjustment"),
    ]

    outcome = tried(written(tmp_path, text([*month(), *rows])))

    totals = outcome.totals
    assert codes(outcome) == []
    assert totals["ad_cost"] == Decimal("-1603.21")
    assert (totals["storage_fee_charged"], totals["storage_fee_long_term"]) == (
        Decimal("-86.88"),
        Decimal("-1.10"),
    )
    assert (totals["other_net"], totals["transfers"]) == (Decimal("-39.99"), -2000)
    assert totals["reimbursements"] == Decimal("4.20")
    assert totals["net_proceeds"] == 3 * Decimal("2.88") + Decimal("-1603.21") - Decimal("86.88") - Decimal(
        "1.10"
    ) - Decimal("39.99") + Decimal("4.20")


def test_an_unknown_type_is_told_and_kept_visible(tmp_path):
    rows = [
        *month(),
        row(type="Space Rental", product_sales="0", selling_fees="0", fba_fees="0", other="-7", total="-7"),
    ]

    outcome = tried(written(tmp_path, text(rows)))

    assert [(p.code, p.line, p.text) for p in outcome.problems] == [("type_unknown", 5, "Space Rental")]
    assert outcome.totals["other_net"] == -7


def test_types_of_a_foreign_language_are_not_taken_for_no_orders(tmp_path):
    outcome = tried(written(tmp_path, text(month(type="Tilaus"))))

    assert codes(outcome, "error") == ["types_foreign"]


def test_a_line_whose_amounts_do_not_make_its_total_is_told(tmp_path):
    outcome = tried(written(tmp_path, text([*month(), row(total="10.94")])))

    assert [(p.level, p.code, p.line) for p in outcome.problems] == [("warning", "row_sum", 5)]
    assert outcome.status == "dry_run"


def test_released_and_deferred_lines_count_alike(tmp_path):
    header = [*HEADER, "Transaction Status", "Transaction Release Date"]
    lines = text(month()).splitlines()
    states = ["Released", "Deferred", "Released"]
    content = "\n".join(
        [",".join(header), *(f"{line},{state}," for line, state in zip(lines[1:], states, strict=True))]
    )

    outcome = tried(written(tmp_path, content))

    assert outcome.totals["orders"] == 3
    assert outcome.evidence["rows_deferred"] == 1


# --- which period, shop and currency ----------------------------------------------------------------------
def test_an_unfinished_month_is_told(tmp_path):
    assert codes(tried(written(tmp_path, text([row()])))) == ["period_incomplete"]


def test_a_quarter_in_one_file(tmp_path):
    rows = [row(date=f"{month} 1:00:00 PM PDT") for month in ("Jul 1, 2025", "Aug 3, 2025", "Sep 30, 2025")]

    outcome = tried(written(tmp_path, text(rows)))

    assert outcome.period == Period.parse("2025-Q3")
    assert codes(outcome) == ["several_months"]


def test_a_stated_period_must_hold_all_rows(tmp_path):
    outcome = tried(written(tmp_path, text(month())), Stated(period=Period.parse("2025-10-01..2025-10-20")))

    assert [(p.code, p.line) for p in outcome.problems] == [("outside_period", 4)]


def test_the_day_is_the_one_written_whatever_the_zone(tmp_path):
    rows = [row(date="Nov 1, 2025 11:59:59 PM PDT"), row(date="Nov 30, 2025 11:59:59 PM PST")]

    assert tried(written(tmp_path, text(rows))).period == Period.month(2025, 11)


def test_the_currency_of_the_file_goes_before_that_of_the_shop(tmp_path):
    shop("US", "USD")
    content = text(month(), preamble='"All amounts in EUR, unless specified"\n')

    assert codes(tried(written(tmp_path, content))) == ["currency_differs"]


def test_a_stated_currency_is_checked_against_the_file(tmp_path):
    content = text(month(), preamble='"All amounts in USD, unless specified"\n')

    assert codes(tried(written(tmp_path, content), Stated(currency="EUR"))) == ["currency_differs"]


def test_a_report_of_another_marketplace_is_refused(tmp_path):
    shop("US", "USD")

    assert codes(tried(written(tmp_path, text(month(marketplace="amazon.de"))))) == ["marketplace_differs"]


def test_two_shops_of_one_site_need_a_word(tmp_path):
    for code in ("one", "two"):
        Shop.objects.create(code=code, name=code, marketplace="US")
    path = written(tmp_path, text(month()))

    assert codes(tried(path)) == ["shop_needed"]
    assert tried(path, Stated(shop="two")).shop == "two"
    assert codes(tried(path, Stated(shop="three"))) == ["shop_unknown"]


def test_of_two_shops_the_one_of_the_files_site(tmp_path):
    shop("US", "USD")
    shop("DE", "EUR")

    assert tried(written(tmp_path, text(month()))).shop == "us"


# --- the hands of Excel -----------------------------------------------------------------------------------
def test_lost_zeros_and_rounded_numbers_are_said_in_words(tmp_path):
    rows = month(settlement_id="2.4695E+10", order_postal="8757")

    (problem,) = tried(written(tmp_path, text(rows))).problems

    assert (problem.code, problem.level) == ("excel_resaved", "warning")
    assert problem.params["marks"] == ["long numbers were rounded", "postal codes lost their leading zeros"]


def test_a_rounded_order_number_is_told_by_line(tmp_path):
    rows = [*month(), row(order_id="7.82115E+12")]

    assert [(p.code, p.line) for p in tried(written(tmp_path, text(rows))).problems] == [
        ("excel_resaved", None),
        ("identity_damaged", 5),
    ]


def test_dates_that_excel_rewrote(tmp_path):
    rows = [row(date=f"10/{day}/25 0:23") for day in (1, 2, 12)]

    outcome = tried(written(tmp_path, text(rows)))

    assert outcome.period == Period.month(2025, 10)


def test_a_european_file_leads_with_the_day(tmp_path):
    shop("UK", "GBP")
    rows = [row(date=f"{day}/10/2025 0:23", marketplace="amazon.co.uk") for day in (1, 2, 28)]

    assert tried(written(tmp_path, text(rows))).period == Period.month(2025, 10)


@pytest.mark.parametrize(
    ("charge", "fee", "total"), [("Sep-25", "8.00E-04", "0.0008"), ("'2025-09'", "='1'", None)]
)
def test_storage_fees_that_excel_rewrote(tmp_path, charge, fee, total):
    lines = STORAGE[0].read_text(encoding="utf-8-sig").splitlines()[:2]
    header = lines[0].replace('"', "").split(",")
    cells = dict.fromkeys(header, "0") | {
        "asin": "B01", "fulfillment_center": "'ABE2'", "country_code": "US", "month_of_charge": charge,
        "currency": "USD", "estimated_monthly_storage_fee": fee, "average_quantity_on_hand": "1.5",
    }  # fmt: skip

    outcome = tried(written(tmp_path, ",".join(header) + "\n" + ",".join(cells.values()) + "\n"))

    if total is None:
        assert codes(outcome) == ["not_a_number"]
    else:
        assert outcome.period == Period.month(2025, 9)
        assert outcome.totals["storage_fee_estimated"] == Decimal(total)
        assert outcome.totals["stock_unit_days"] == 45


def test_storage_fees_of_two_months_in_one_file(tmp_path):
    lines = STORAGE[0].read_text(encoding="utf-8-sig").splitlines()[:3]
    lines[2] = lines[2].replace("Sep-25", "Oct-25")

    assert codes(tried(written(tmp_path, "\n".join(lines))), "error") == ["months_mixed"]
