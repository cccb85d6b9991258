"""Figures in the database: replaced as a slice, never twice, never half, and the same as a dry run said."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum
from django.utils import timezone

from core.periods import Period
from metrics.intake.outcome import Stated
from metrics.models import DailyTotal, Observation, Product, Shop, Upload
from metrics.services import uploads
from tests.metrics.intake.reports import OCTOBER, STORAGE, codes, month, row, text, tried, written

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def hand_in(path: Path, stated: Stated | None = None, *, read: bool = True) -> Upload:
    """A file handed in and read to its end."""
    with path.open("rb") as file:
        upload = uploads.receive_upload(
            file=io.BytesIO(file.read()), name=path.name, size=path.stat().st_size,
            stated=stated or Stated(), by=None, now=timezone.now(),
        )  # fmt: skip
    if read and upload.state == Upload.State.QUEUED:
        uploads.import_upload(upload=upload, now=timezone.now(), clock=timezone.now)
        upload.refresh_from_db()
    return upload


def total(measure: str) -> Decimal | None:
    return DailyTotal.objects.filter(measure__code=measure).aggregate(sum=Sum("value"))["sum"]


def state_of_figures() -> tuple:
    """Everything that pages read."""
    return (
        sorted(DailyTotal.objects.values_list("measure__code", "shop__code", "day", "value")),
        Observation.objects.current().count(),
        sorted(Product.objects.values_list("sku", "title", "first_sold_date")),
    )


def test_what_is_stored_is_what_the_dry_run_said():
    said = tried(OCTOBER)
    assert not Upload.objects.exists()
    assert not Shop.objects.exists()

    upload = hand_in(OCTOBER)

    done = said.as_json()
    assert upload.totals == done["totals"]
    assert (upload.rows_read, upload.encoding, upload.header_line) == (
        done["rows_read"], done["encoding"], done["header_line"],
    )  # fmt: skip
    assert {code: total(code) for code in said.totals} == said.totals
    assert [(p.code, p.line) for p in upload.problems.all()] == [(p.code, p.line) for p in said.problems]


def test_every_day_of_the_month_has_a_total_even_without_rows(tmp_path):
    upload = hand_in(written(tmp_path, text(month())))

    days = DailyTotal.objects.filter(measure__code="refund_rows").order_by("day").values_list("day", "value")
    assert upload.period == Period.month(2025, 10)
    assert list(days) == [(date(2025, 10, number), 0) for number in range(1, 32)]


def test_totals_are_the_sums_of_the_products(tmp_path):
    rows = [*month(sku="A"), *month(sku="B", order_id="B-1")]
    hand_in(written(tmp_path, text(rows)))

    by_sku = Observation.objects.filter(measure__code="product_sales", value__gt=0)
    assert dict(by_sku.values_list("product__sku").annotate(Sum("value"))) == {
        "A": Decimal("18.87"), "B": Decimal("18.87"),
    }  # fmt: skip
    assert total("product_sales") == Decimal("37.74")
    assert Product.objects.get(sku="A").first_sold_date == date(2025, 10, 1)


def test_the_same_bytes_again_change_nothing(tmp_path):
    first = hand_in(OCTOBER)
    before = state_of_figures()
    copy = written(tmp_path, OCTOBER.read_bytes(), "2025Oct - 副本.csv")

    again = hand_in(copy)

    assert (again.state, again.duplicate_of) == (Upload.State.DUPLICATE, first)
    assert (again.totals, again.rows_read) == (first.totals, first.rows_read)
    assert [problem.code for problem in again.problems.all()] == ["same_bytes"]
    assert state_of_figures() == before


def test_twins_handed_in_together_are_stored_once(tmp_path):
    path = written(tmp_path, text(month()))
    first, second = (hand_in(path, read=False) for _twin in range(2))
    for upload in (second, first):
        uploads.import_upload(upload=upload, now=NOW, clock=timezone.now)
        upload.refresh_from_db()

    assert (second.state, first.state, first.duplicate_of) == ("stored", "duplicate", second)
    assert total("orders") == 3


def test_a_newer_file_of_the_month_replaces_the_older_wholly(tmp_path):
    old = hand_in(
        written(tmp_path, text([*month(sku="GONE"), row(type="Transfer", order_id="", total="-5")]))
    )

    new = hand_in(written(tmp_path, text(month(product_sales="10", total="6.59"))))

    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "stored")
    assert (total("orders"), total("product_sales"), total("transfers")) == (3, 30, 0)
    assert old.observations.exists(), "the old figures stay, to be made valid again"


def test_a_replaced_file_can_be_made_valid_again(tmp_path):
    old = hand_in(written(tmp_path, text(month())))
    before = state_of_figures()
    new = hand_in(written(tmp_path, text(month(product_sales="10", total="6.59"))))
    old.refresh_from_db()

    uploads.reactivate(upload=old, by=None, now=NOW)

    new.refresh_from_db()
    assert (old.state, new.state) == ("stored", "superseded")
    assert state_of_figures() == before


def test_only_a_replaced_file_can_be_made_valid_again(tmp_path):
    upload = hand_in(written(tmp_path, text(month())))

    with pytest.raises(uploads.NotAllowed):
        uploads.reactivate(upload=upload, by=None, now=NOW)


def test_figures_that_are_made_invalid_are_gone_from_the_totals(tmp_path):
    upload = hand_in(written(tmp_path, text(month())))

    uploads.withdraw(upload=upload, by=None, now=NOW)

    assert (upload.state, total("orders")) == ("superseded", None)


def test_the_bytes_of_a_replaced_file_are_told_so(tmp_path):
    path = written(tmp_path, text(month()))
    upload = hand_in(path)
    uploads.withdraw(upload=upload, by=None, now=NOW)

    again = hand_in(path)

    assert (again.state, [p.code for p in again.problems.all()]) == ("duplicate", ["same_bytes_replaced"])
    assert total("orders") is None


def test_other_months_and_reports_are_left_alone(tmp_path):
    hand_in(OCTOBER)
    hand_in(STORAGE[0])
    before = total("product_sales"), total("storage_fee_estimated")

    november = [
        one | {"date/time": one["date/time"].replace("Oct", "Nov").replace("31", "30")} for one in month()
    ]
    hand_in(written(tmp_path, text(november)))

    assert Upload.objects.stored().count() == 3
    assert (total("product_sales"), total("storage_fee_estimated")) == (
        before[0] + Decimal("18.87"),
        before[1],
    )


def test_periods_that_overlap_in_part_are_refused(tmp_path):
    hand_in(written(tmp_path, text(month())))
    half = Stated(period=Period.parse("2025-10-15..2025-11-14"))
    rows = [row(date="Oct 20, 2025 1:00:00 PM PDT"), row(date="Nov 10, 2025 1:00:00 PM PST")]

    upload = hand_in(written(tmp_path, text(rows), "half.csv"), half)

    assert (upload.state, [p.code for p in upload.problems.all()]) == ("rejected", ["period_overlaps"])
    assert total("orders") == 3


def test_a_file_of_some_days_does_not_replace_the_month_by_accident(tmp_path):
    hand_in(written(tmp_path, text(month())))
    week = written(tmp_path, text([row(order_id="W")]), "week.csv")

    refused = hand_in(week)
    meant = hand_in(week, Stated(period=Period.month(2025, 10)))

    assert (refused.state, codes_of(refused, "error")) == ("rejected", ["fewer_days"])
    assert (meant.state, total("orders")) == ("stored", 1)


def codes_of(upload: Upload, level: str) -> list[str]:
    return list(upload.problems.filter(level=level).values_list("code", flat=True))


def test_a_file_with_one_bad_cell_stores_nothing(tmp_path):
    upload = hand_in(written(tmp_path, text([*month(), row(total="x")])))

    assert (upload.state, upload.rows_read, upload.rows_rejected) == ("rejected", 4, 1)
    assert not Observation.objects.exists()
    assert not Shop.objects.exists()
    assert upload.file.storage.exists(upload.file.name), "kept for inspection"
    assert codes(tried(written(tmp_path, text([*month(), row(total="x")])))) == codes_of(upload, "error")


def test_an_unknown_file_is_kept_under_a_random_name(tmp_path):
    upload = hand_in(written(tmp_path, "Dear all,\n", "../x.txt".replace("../", "")))

    assert (upload.state, upload.original_name) == ("rejected", "x.txt")
    assert "x.txt" not in upload.file.name
    assert upload.file.open().read() == b"Dear all,\n"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/x.csv", "x.csv"),
        ("C:\\reports\\十月.csv", "十月.csv"),
        ("n" * 600 + ".csv", None),
        ("a\r\nb.csv", "a b.csv"),
    ],
)
def test_names_are_kept_as_text(name, kept):
    content = text(month()).encode()
    upload = uploads.receive_upload(file=io.BytesIO(content), name=name, size=len(content), by=None, now=NOW)

    assert upload.original_name == kept if kept else len(upload.original_name) <= 500
    assert "/" not in upload.file.name.removeprefix("reports/")


def test_a_file_that_is_too_large_is_not_kept(settings):
    settings.MAX_REPORT_BYTES = 10
    upload = uploads.receive_upload(file=io.BytesIO(b"x" * 11), name="a.csv", size=11, by=None, now=NOW)

    assert (upload.state, bool(upload.file), codes_of(upload, "error")) == (
        "rejected",
        False,
        ["file_too_large"],
    )


# --- workers ----------------------------------------------------------------------------------------------
def test_only_one_worker_reads_an_upload(tmp_path):
    upload = hand_in(written(tmp_path, text(month())), read=False)
    same = Upload.objects.get(pk=upload.pk)

    assert uploads.claim(upload=upload, now=NOW)
    assert not uploads.claim(upload=same, now=NOW)


def test_a_worker_that_was_thought_dead_writes_nothing(tmp_path):
    upload = hand_in(written(tmp_path, text(month())), read=False)
    Upload.objects.filter(pk=upload.pk).update(heartbeat_at=NOW)
    calls = []

    def clock():
        # While it reads, another worker takes the upload over.
        if not calls:
            calls.append(Upload.objects.filter(pk=upload.pk).update(attempts=2))
        return timezone.now()

    assert uploads.import_upload(upload=upload, now=NOW, clock=clock) is None
    assert not Observation.objects.exists()


def test_uploads_whose_bell_was_lost_are_taken_up(tmp_path):
    upload = hand_in(written(tmp_path, text(month())), read=False)
    later = upload.heartbeat_at + uploads.PATIENCE

    assert uploads.resume(now=upload.heartbeat_at) == []
    assert uploads.resume(now=later) == [upload.pk]


def test_uploads_whose_worker_fell_silent_are_taken_up(tmp_path):
    upload = hand_in(written(tmp_path, text(month())), read=False)
    uploads.claim(upload=upload, now=NOW)

    assert uploads.resume(now=NOW + uploads.SILENCE / 2) == []
    assert uploads.resume(now=NOW + uploads.SILENCE * 2) == [upload.pk]
    upload.refresh_from_db()
    assert upload.state == Upload.State.QUEUED


@pytest.mark.logs_errors("was given up after 3 attempts")
def test_a_file_that_kills_its_readers_is_given_up(tmp_path):
    upload = hand_in(written(tmp_path, text(month())), read=False)
    Upload.objects.filter(pk=upload.pk).update(state="running", attempts=3, heartbeat_at=NOW)

    assert uploads.resume(now=NOW + uploads.SILENCE * 2) == []
    upload.refresh_from_db()
    assert upload.state == Upload.State.FAILED


def test_a_refused_file_can_be_read_again_with_a_word(tmp_path):
    for code in ("one", "two"):
        Shop.objects.create(code=code, name=code, marketplace="US")
    upload = hand_in(written(tmp_path, text(month())))
    assert upload.state == Upload.State.REJECTED

    uploads.retry(upload=upload, stated=Stated(shop="two"), by=None, now=NOW)
    uploads.import_upload(upload=upload, now=NOW, clock=timezone.now)

    upload.refresh_from_db()
    assert (upload.state, upload.shop.code, upload.problems.count()) == ("stored", "two", 0)
