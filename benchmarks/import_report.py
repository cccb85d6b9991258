"""Importing a large transaction report, against raw COPY of the same rows in the same run.

    .venv/bin/python -m benchmarks.import_report [rows] [runs]

The limit is what PostgreSQL itself needs to take the same file as text into a table with a key: COPY, no checks, no
figures. Ours reads, recognises, checks every cell and line, adds up by day and product, stores and rebuilds totals.
Real rows are repeated with other order numbers, days and amounts; both take turns, and medians are compared.
"""

import csv
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import scratch_site, verdict

ROWS, RUNS = 200_000, 3
GOAL, LIMIT = 2.0, 3.0
SAMPLE = Path(__file__).parent.parent / "metrics/samples/amazon_transactions"


def write_report(path: Path, rows: int) -> list[str]:
    """A report of one month with so many rows; returns its header."""
    source = next(SAMPLE.glob("2025-10*"))
    with source.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    header, real = lines[7], lines[8:]
    chance = random.Random(7)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        for number in range(rows):
            row = list(real[number % len(real)])
            # Other days, minutes and order numbers, so that nothing is cheap only because it repeats.
            moment = f"{chance.randrange(1, 13)}:{chance.randrange(60):02}:{chance.randrange(60):02}"
            row[0] = f"Oct {chance.randrange(1, 32)}, 2025 {moment} {chance.choice(('AM', 'PM'))} PDT"
            if row[3]:
                row[3] = f"{chance.randrange(100, 999)}-{number:07}-{chance.randrange(10**7):07}"
            cents = chance.randrange(500)
            row[14] = f"{float(row[14].replace(',', '')) + cents / 100:.2f}"
            row[29] = f"{float(row[29].replace(',', '')) + cents / 100:.2f}"
            writer.writerow(row)
    return header


def copy_raw(path: Path, header: list[str]) -> float:
    """Seconds for COPY of the file into a table with a text key, from opening the file to the commit."""
    from django.db import connection, transaction

    columns = ", ".join(f"c{number} text" for number in range(len(header)))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_raw")
        cursor.execute(
            f"CREATE TABLE benchmark_raw (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {columns})"
        )
        cursor.execute("CREATE INDEX ON benchmark_raw (c3)")
    names = ", ".join(f"c{number}" for number in range(len(header)))
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        statement = f"COPY benchmark_raw ({names}) FROM STDIN (FORMAT csv, HEADER)"
        with cursor.copy(statement) as copy, path.open("rb") as file:
            while piece := file.read(1 << 18):
                copy.write(piece)
    took = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE benchmark_raw")
    return took


def import_it(path: Path) -> float:
    """Seconds from handing in to the commit, through the very services of page and worker."""
    from django.utils import timezone

    from metrics.models import Upload
    from metrics.services import uploads

    Upload.objects.all().delete()
    started = time.perf_counter()
    with path.open("rb") as file:
        upload = uploads.receive_upload(
            file=file, name=path.name, size=path.stat().st_size, by=None, now=timezone.now()
        )
    outcome = uploads.import_upload(upload=upload, now=timezone.now(), clock=timezone.now)
    took = time.perf_counter() - started
    assert outcome is not None
    assert outcome.status == "stored", outcome.problems[:3]
    upload.refresh_from_db()
    upload.file.delete(save=False)
    return took


def main(rows: int, runs: int) -> int:
    with scratch_site(), tempfile.TemporaryDirectory() as folder:
        from django.conf import settings

        settings.MAX_REPORT_BYTES = 1 << 40
        path = Path(folder) / "report.csv"
        header = write_report(path, rows)
        size = path.stat().st_size
        import_it(path)  # unmeasured: the first run loads libraries
        raw, ours = zip(*((copy_raw(path, header), import_it(path)) for _run in range(runs)), strict=True)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limit, took = statistics.median(raw), statistics.median(ours)
    print(f"{rows:,} rows, {size / 2**20:.0f} MiB, {runs} runs in turns, medians")
    print(f"  raw COPY        {limit:6.2f} s  {rows / limit:10,.0f} rows/s")
    print(f"  import_report   {took:6.2f} s  {rows / took:10,.0f} rows/s   peak {memory:.0f} MiB")
    print(f"  ratio to COPY   {verdict(took / limit, LIMIT)}, goal {GOAL}")
    return 0 if took / limit <= LIMIT else 1


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:3]]
    raise SystemExit(main(*(arguments + [ROWS, RUNS][len(arguments) :])))
