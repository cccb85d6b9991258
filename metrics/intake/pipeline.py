"""The one way of a report into the figures, for the page, the worker and the command alike."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from metrics.intake import checks, kinds, places, read, recognise, store, values
from metrics.intake.columns import Reader, Style
from metrics.intake.kinds.base import Tally
from metrics.intake.outcome import Outcome, Stated
from metrics.intake.problems import Problems, Refusal, Stopped
from metrics.intake.recognise import Found
from metrics.intake.source import Source
from metrics.models import Shop, Upload

Progress = Callable[[str, int], None]
COMMA_LOCALES = frozenset(["de", "fr", "it", "es"])


def run(
    source: Source,
    *,
    stated: Stated = Stated(),  # noqa: B008 - frozen, so it may be shared
    upload: Upload | None = None,
    commit: bool = True,
    progress: Progress = lambda step, percent: None,
) -> Outcome:
    """Read a report, check it, and (with `commit`) store its figures as those of `upload`.

    Nothing is written unless every row is sound; what is wrong stands in the outcome's problems, all of it. A dry run
    (`commit=False`) is the same but for the last step. Faults of the program itself are raised.
    """
    outcome, problems = Outcome(source.name), Problems()
    try:
        progress(Upload.Step.RECOGNISING, 2)
        document = read.open_report(source)
        found = recognise.find(document, kinds_to_try(stated))
        describe(outcome, found)
        recognise.tell(found, problems)
        problems.stop_at_errors()
        tally = add_up(document, found, stated, outcome, problems, progress)
        progress(Upload.Step.CHECKING, 85)
        shop = look_across(document, found, tally, stated, outcome, problems)
        problems.stop_at_errors()
        entry = store.Entry.of(outcome, shop, tally, stated)
        store.check(entry, problems)
        problems.stop_at_errors()
        outcome.totals = entry.totals()
        progress(Upload.Step.STORING, 90)
        if commit:
            store.save(entry, upload)
    except Refusal as refusal:
        problems.take(refusal.problem)
    except Stopped:
        pass
    outcome.problems = problems.finished()
    outcome.status = outcome.verdict(commit=commit)
    return outcome


def kinds_to_try(stated: Stated) -> tuple[kinds.ReportKind, ...]:
    """All kinds, or the stated one. Raises Refusal for one that does not exist."""
    if not stated.kind:
        return kinds.ALL
    if stated.kind not in kinds.BY_CODE:
        raise Refusal("kind_unknown", kind=stated.kind, known=", ".join(kind.code for kind in kinds.TAKEN))
    return (kinds.BY_CODE[stated.kind],)


def describe(outcome: Outcome, found: Found) -> None:
    """Note what was recognised. Raises Refusal for a report that is known but not taken."""
    outcome.kind = found.kind.code
    outcome.encoding = found.layout.encoding
    outcome.delimiter = found.layout.delimiter
    outcome.header_line = found.header_line
    outcome.locale = found.locale
    outcome.evidence = found.evidence()
    if not found.kind.taken:
        raise Refusal("kind_not_taken", report=found.kind.name_en)


def add_up(
    document: read.Document,
    found: Found,
    stated: Stated,
    outcome: Outcome,
    problems: Problems,
    progress: Progress,
) -> Tally:
    """Read, clean and sum all rows; count what was taken, refused and left out."""
    tally = found.kind.tally(found.positions)
    readers: list[Reader] = []
    for batch in document.batches(found.layout, found.header_line, found.width, problems):
        if not readers:
            style = style_of(found, batch, stated, outcome, problems)
            readers = [
                Reader(column, found.positions[column.code], style)
                for column in found.kind.columns
                if column.code in found.positions and found.kind.reads(column.code)
            ]
        columns = {
            reader.column.code: reader.read(batch.columns[reader.index], batch.lines, problems)
            for reader in readers
        }
        tally.add(columns, batch.lines, problems)
        refused = problems.error_lines.intersection(batch.lines) if problems.errors else ()
        outcome.rows_rejected += len(refused)
        outcome.rows_accepted += len(batch.lines) - len(refused)
        progress(Upload.Step.READING, 5 + int(document.share_read * 80))
    note_months(tally, readers)
    counts = document.counts
    outcome.rows_read, outcome.rows_ignored = counts.read, counts.ignored
    outcome.rows_rejected += counts.broken
    if not readers and not problems.errors:
        raise Refusal("no_rows", line=found.header_line)
    return tally


def style_of(found: Found, batch: read.Batch, stated: Stated, outcome: Outcome, problems: Problems) -> Style:
    """How the file writes numbers and days, judged from its first rows; by language and shop where they do not say."""
    kind, positions = found.kind, found.positions
    amounts = [positions[c.code] for c in kind.columns if c.holds == "amount" and c.code in positions]
    texts = {cell for position in amounts for cell in batch.columns[position]}
    mark = values.decimal_mark(texts, "," if found.locale in COMMA_LOCALES else ".")
    days = [positions[c.code] for c in kind.columns if c.holds == "day" and c.code in positions]
    heads = {str(cell).partition(":")[0] for position in days for cell in set(batch.columns[position])}
    shop = places.shop_stated(kind, stated)
    supposed = kind.suppose_dates(found.locale, shop.marketplace if shop else "")
    order, undecided = values.day_order(heads, supposed)  # type: ignore[arg-type]
    if undecided:
        problems.add("warning", "date_order_assumed", text=undecided, order=DAY_ORDERS[order])
    outcome.evidence |= {"decimal_mark": mark, "day_order": order}
    return Style(mark, order)


def note_months(tally: Tally, readers: list[Reader]) -> None:
    for reader in readers:
        if reader.column.holds == "month":
            checks.month_marks(tally, set(reader.memory))


def look_across(
    document: read.Document, found: Found, tally: Tally, stated: Stated, outcome: Outcome, problems: Problems
) -> Shop | None:
    """Period, shop and currency of the whole, and the marks that Excel left."""
    if not tally.days:
        return None
    seen: Mapping[str, Any] = tally.currencies or places.currencies_named(found.preamble)
    shop = places.shop_of(found.kind, stated, tally.marketplaces, problems)
    outcome.currency = places.currency_of(shop, stated, seen, problems)
    outcome.period = checks.period_of(found.kind, tally, stated, problems)
    outcome.shop = shop.code if shop else ""
    outcome.evidence |= tally.evidence() | ({} if found.kind.monthly else checks.covered(tally))
    tally.judge(problems)
    checks.tell_excel(tally, document.counts.bare_returns, problems)
    return shop


DAY_ORDERS = {"mdy": gettext_noop("month/day/year"), "dmy": gettext_noop("day/month/year")}
