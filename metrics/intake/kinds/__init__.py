"""The reports that are known. To add one: a module like `amazon_storage_fees.py`, and its KIND here."""

from metrics.intake.kinds import amazon_storage_fees, amazon_transactions
from metrics.intake.kinds.base import ReportKind
from metrics.intake.kinds.known import KNOWN

TAKEN: tuple[ReportKind, ...] = (amazon_transactions.KIND, amazon_storage_fees.KIND)
ALL: tuple[ReportKind, ...] = TAKEN + KNOWN
BY_CODE = {kind.code: kind for kind in ALL}
