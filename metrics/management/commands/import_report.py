"""`manage.py import_report FILE…`: the upload page's pipeline, from the command line and at once."""

import json
from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.periods import Period
from metrics.intake import kinds, pipeline
from metrics.intake.outcome import Outcome, Stated
from metrics.intake.problems import Problem, fold
from metrics.intake.source import Source
from metrics.models import Upload
from metrics.services import uploads

# Exit codes, for other programs.
TAKEN, REFUSED, WRONG_CALL = 0, 1, 2


class Command(BaseCommand):
    help = "Reads reports into the figures: recognises them, checks them, stores them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--kind", default="", help="the report, when it is not to be recognised")
        parser.add_argument(
            "--shop", default="", help="code of the shop (default: the only one of the platform)"
        )
        parser.add_argument("--period", default="", help="2025-10 or 2025-10-01..2025-10-31")
        parser.add_argument(
            "--currency", default="", help="USD, EUR, …; refused when the file says otherwise"
        )
        parser.add_argument("--dry-run", action="store_true", help="do everything but store")
        parser.add_argument("--json", action="store_true", help="one object per file, each on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        stated = stated_by(options)
        paths = [Path(name) for name in options["files"]]
        for path in paths:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.", returncode=WRONG_CALL)
        outcomes = []
        for path in paths:
            outcome = dry_run(path, stated) if options["dry_run"] else take(path, stated)
            outcomes.append(outcome)
            self.tell(path, outcome, as_json=options["json"])
        if any(outcome.status == Upload.State.REJECTED for outcome in outcomes):
            raise SystemExit(REFUSED)

    def tell(self, path: Path, outcome: Outcome, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json() | {"file": str(path)}, ensure_ascii=False))
            return
        facts = [
            outcome.status,
            outcome.kind,
            outcome.period.code if outcome.period else "",
            outcome.currency,
        ]
        self.stdout.write(f"{path.name}: {' '.join(fact for fact in facts if fact)}")
        self.stdout.write(
            f"  rows: {outcome.rows_read} read, {outcome.rows_accepted} taken, {outcome.rows_rejected} refused, "
            f"{outcome.rows_ignored} left out"
        )
        for code, value in outcome.totals_as_text().items():
            self.stdout.write(f"  {code:28} {value:>14}")
        for cause in fold(outcome.problems):
            where = f" line {cause.lines[0]}" if cause.lines else ""
            others = f" (and {cause.others} more)" if cause.others else ""
            self.stdout.write(f"  {cause.first.level}{where}: {cause.first.message}{others}")


def stated_by(options: dict[str, Any]) -> Stated:
    """What the options say of the files. Raises CommandError (exit 2) when it cannot be meant."""
    period = None
    if options["period"]:
        try:
            period = Period.parse(options["period"])
        except ValueError:
            raise CommandError(
                f"{options['period']} is no period: write 2025-10 or 2025-10-01..2025-10-31.",
                returncode=WRONG_CALL,
            ) from None
    if options["kind"] and options["kind"] not in kinds.BY_CODE:
        known = ", ".join(kind.code for kind in kinds.TAKEN)
        raise CommandError(
            f"There is no report called {options['kind']}. Known: {known}.", returncode=WRONG_CALL
        )
    currency = options["currency"].upper()
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise CommandError(f"{options['currency']} is no currency: write USD, EUR, …", returncode=WRONG_CALL)
    return Stated(options["kind"], options["shop"], period, currency)


def dry_run(path: Path, stated: Stated) -> Outcome:
    """What would become of the file; nothing is written."""
    source = Source.of_path(path)
    if source.size and (original := uploads.same_bytes(source.sha256(), stated)):
        return outcome_of(
            original, status=Upload.State.DUPLICATE, problems=[uploads.duplicate_problem(original)]
        )
    return pipeline.run(source, stated=stated, commit=False)


def take(path: Path, stated: Stated) -> Outcome:
    """Hand the file in and read it here and now."""
    with path.open("rb") as file:
        upload = uploads.receive_upload(
            file=file, name=path.name, size=path.stat().st_size, stated=stated, by=None, now=timezone.now()
        )
    outcome = None
    if upload.state == Upload.State.QUEUED:
        outcome = uploads.import_upload(upload=upload, now=timezone.now(), clock=timezone.now)
    if outcome is not None:
        return outcome
    problems = [
        Problem(row.level, row.code, row.line, row.column, row.text, row.params)  # type: ignore[arg-type]
        for row in upload.problems.order_by("pk")
    ]
    return outcome_of(upload, status=upload.state, problems=problems)


def outcome_of(upload: Upload, *, status: str, problems: list[Problem]) -> Outcome:
    """An upload's row as the outcome it came from."""
    return Outcome(
        file=upload.original_name,
        status=status,
        kind=upload.kind,
        shop=upload.shop.code if upload.shop else "",
        encoding=upload.encoding,
        delimiter=upload.delimiter,
        header_line=upload.header_line,
        locale=upload.locale,
        period=upload.period,
        currency=upload.currency,
        rows_read=upload.rows_read,
        rows_accepted=upload.rows_accepted,
        rows_rejected=upload.rows_rejected,
        rows_ignored=upload.rows_ignored,
        totals={code: Decimal(value) for code, value in upload.totals.items()},
        problems=problems,
        evidence=upload.evidence,
    )
