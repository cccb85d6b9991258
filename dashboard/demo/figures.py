"""The demo company's figures: a year of real reports of a small seller, read by the pipeline that reads everybody's."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from core.periods import Period
from metrics.models import Shop, Upload
from metrics.services import uploads
from people.models import User

SAMPLES = Path(__file__).resolve().parents[2] / "metrics" / "samples"
FOLDERS = ("amazon_transactions", "amazon_storage_fees")
SHOP = "us-main"


def load(*, by: User, now: datetime, until: Period | None, say: Callable[[str], object] | None) -> None:
    """Import the reports that are not in yet; `until` leaves out those handed in for later months."""
    Shop.objects.get_or_create(
        code=SHOP,
        defaults={
            "name": "Amazon 美国站",
            "platform": Shop.Platform.AMAZON,
            "marketplace": "US",
            "region": "NA",
            "currency": "USD",
            "time_zone": "America/Los_Angeles",
        },
    )
    for path in reports(until):
        with path.open("rb") as file:
            upload = uploads.receive_upload(
                file=file, name=path.name, size=path.stat().st_size, by=by, now=now
            )
        if upload.state == Upload.State.QUEUED:
            uploads.import_upload(upload=upload, now=now, clock=timezone.now)
        elif upload.state == Upload.State.DUPLICATE:
            upload.delete()  # Loading the demo twice should leave no trace.
        if say:
            say(f"{path.name}: {upload.state}")


def reports(until: Period | None = None) -> Iterator[Path]:
    """The sample reports in the order in which they were handed in, without the copies that people keep."""
    paths = [
        path for folder in FOLDERS for path in (SAMPLES / folder).glob("*.csv") if "副本" not in path.name
    ]
    for path in sorted(paths, key=lambda path: (handed_in(path), path.name)):
        if until is None or handed_in(path).start < until.end:
            yield path


def handed_in(path: Path) -> Period:
    """The month in front of a sample's name: the month of a transaction report, the month after a storage report."""
    match = re.match(r"(\d{4})-(\d{1,2})__", path.name)
    assert match, f"{path.name} does not begin with its month"
    return Period.month(int(match[1]), int(match[2]))
