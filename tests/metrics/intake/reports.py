"""Small reports written for tests, in the shapes that people really have."""

import csv
import io
from pathlib import Path

from metrics.intake import pipeline
from metrics.intake.outcome import Outcome, Stated
from metrics.intake.source import Source

SAMPLES = Path(__file__).parents[3] / "metrics" / "samples"
TRANSACTIONS = sorted((SAMPLES / "amazon_transactions").glob("*.csv"))
STORAGE = sorted((SAMPLES / "amazon_storage_fees").glob("*.csv"))
OCTOBER = SAMPLES / "amazon_transactions" / "2025-10__2025OctMonthlyUnifiedTransaction.csv"

HEADER = (
    "date/time|settlement id|type|order id|sku|description|quantity|marketplace|account type|fulfillment|order city|"
    "order state|order postal|tax collection model|product sales|product sales tax|shipping credits|"
    "shipping credits tax|gift wrap credits|giftwrap credits tax|Regulatory Fee|Tax On Regulatory Fee|"
    "promotional rebates|promotional rebates tax|marketplace withheld tax|selling fees|fba fees|"
    "other transaction fees|other|total"
).split("|")
AMOUNTS = HEADER[14:29]
ORDER = {
    "date/time": "Oct 1, 2025 12:23:28 AM PDT",
    "settlement id": "24694934071",
    "type": "Order",
    "order id": "114-7709054-6519792",
    "sku": "T-1",
    "description": "Tie rack",
    "quantity": "1",
    "marketplace": "amazon.com",
    "account type": "Standard Orders",
    "fulfillment": "Amazon",
    "order city": "CHESTER",
    "order state": "PA",
    "order postal": "19350",
    "tax collection model": "MarketplaceFacilitator",
    "product sales": "6.29",
    "selling fees": "-0.94",
    "fba fees": "-2.47",
    "total": "2.88",
}


def row(**changes: str) -> dict[str, str]:
    """An order line of 6.29; names of columns are given with _ for the space, `date` for date/time."""
    names = {"date": "date/time"}
    named = {names.get(name, name.replace("_", " ")): value for name, value in changes.items()}
    return dict.fromkeys(AMOUNTS, "0") | ORDER | named


def text(
    rows: list[dict[str, str]],
    header: list[str] | None = None,
    *,
    delimiter: str = ",",
    preamble: str = "",
    quoting: int = csv.QUOTE_MINIMAL,
    end: str = "\r\n",
) -> str:
    """A report as text; `header` gives other names for the same columns in the same order."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(header or HEADER)
    for one in rows:
        writer.writerow([one[name] for name in HEADER])
    return preamble + out.getvalue()


def month(**changes: str) -> list[dict[str, str]]:
    """Three lines that span October, so that no note about an unfinished month is due."""
    days = ("Oct 1, 2025 12:23:28 AM PDT", "Oct 15, 2025 1:00:00 PM PDT", "Oct 31, 2025 11:59:59 PM PDT")
    return [row(**({"date": day, "order_id": f"114-{number}"} | changes)) for number, day in enumerate(days)]


def written(folder: Path, content: str | bytes, name: str = "report.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def tried(path: Path, stated: Stated | None = None) -> Outcome:
    """What a dry run says of a file."""
    return pipeline.run(Source.of_path(path), stated=stated or Stated(), commit=False)


def codes(outcome: Outcome, level: str = "") -> list[str]:
    return [problem.code for problem in outcome.problems if not level or problem.level == level]
