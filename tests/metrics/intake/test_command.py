"""`manage.py import_report`: what other programs lean on."""

import io
import json
from contextlib import redirect_stdout

import pytest
from django.core.management import CommandError, call_command

from metrics.models import Observation, Upload
from tests.metrics.intake.reports import OCTOBER, SAMPLES, month, text, written

pytestmark = pytest.mark.django_db
KEYS = (
    "file status kind shop encoding delimiter header_line locale period currency rows_read rows_accepted "
    "rows_rejected rows_ignored totals problems"
).split()


def run(*arguments: str) -> tuple[int, list[dict]]:
    """Exit code and the objects that were printed."""
    out = io.StringIO()
    code = 0
    try:
        with redirect_stdout(out):
            call_command("import_report", *arguments, "--json", stdout=out)
    except SystemExit as exit_:
        code = exit_.code
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_one_object_for_each_file_on_one_line():
    (settlement,) = (SAMPLES / "amazon_settlement").glob("*.txt")

    code, (first, second) = run(str(OCTOBER), str(settlement))

    assert code == 1
    assert list(first) == list(second) == KEYS
    assert (first["status"], second["status"]) == ("stored", "rejected")
    assert first["file"] == str(OCTOBER)
    assert (first["kind"], first["encoding"], first["delimiter"]) == ("amazon_transactions", "utf-8-sig", ",")
    assert (first["header_line"], first["locale"], first["currency"]) == (8, "en", "USD")
    assert first["period"] == ["2025-10-01", "2025-10-31"]
    assert first["totals"]["product_sales"] == "12147.22"
    assert (first["totals"]["orders"], first["totals"]["net_proceeds"]) == ("945", "3505.17")
    assert first["problems"] == []
    assert list(second["problems"][0]) == ["level", "line", "column", "code", "text", "message"]


def test_a_dry_run_writes_nothing_and_says_the_same():
    code, (dry,) = run(str(OCTOBER), "--dry-run")
    assert (code, dry["status"], Upload.objects.count(), Observation.objects.count()) == (0, "dry_run", 0, 0)

    _code, (stored,) = run(str(OCTOBER))

    assert stored | {"status": "dry_run"} == dry


def test_the_same_file_again_is_a_duplicate_and_no_failure():
    run(str(OCTOBER))
    observations = Observation.objects.count()

    code, (again,) = run(str(OCTOBER))
    dry_code, (dry,) = run(str(OCTOBER), "--dry-run")

    assert (code, again["status"], again["totals"]["orders"]) == (0, "duplicate", "945")
    assert (dry_code, dry["status"]) == (0, "duplicate")
    assert Observation.objects.count() == observations


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-file.csv"],
        [str(OCTOBER), "--period", "soon"],
        [str(OCTOBER), "--kind", "nonsense"],
        [str(OCTOBER), "--currency", "dollars"],
        [],
        [str(OCTOBER), "--no-such-option"],
    ],
)
def test_a_wrong_call_is_exit_2(arguments):
    with pytest.raises((CommandError, SystemExit)) as error:
        call_command("import_report", *arguments)
    assert getattr(error.value, "returncode", None) == 2 or error.type is CommandError


def test_rows_always_add_up(tmp_path):
    broken = text([*month(), *month(total="x")]) + ",,,\r\nshort,line\r\n"

    code, (said,) = run(str(written(tmp_path, broken)))

    assert code == 1
    assert said["rows_read"] == 8
    assert said["rows_read"] == said["rows_accepted"] + said["rows_rejected"] + said["rows_ignored"]
    assert said["totals"] == {}


def test_options_are_checked_against_the_file(tmp_path):
    path = str(written(tmp_path, text(month())))

    assert run(path, "--period", "2025-09", "--dry-run")[1][0]["problems"][0]["code"] == "outside_period"
    assert run(path, "--currency", "usd", "--dry-run")[0] == 0
    assert run(path, "--shop", "nowhere", "--dry-run")[1][0]["problems"][0]["code"] == "shop_unknown"
    assert run(path, "--kind", "amazon_storage_fees", "--dry-run")[0] == 1


def test_for_people(tmp_path, capsys):
    call_command("import_report", str(written(tmp_path, text(month()))), "--dry-run")

    printed = capsys.readouterr().out
    assert "report.csv: dry_run amazon_transactions 2025-10 USD" in printed
    assert "3 read, 3 taken, 0 refused, 0 left out" in printed
