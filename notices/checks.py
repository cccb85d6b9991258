from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from notices.ledger import LEASE_SECONDS


@register()
def lease_outlasts_the_mail_server(**_kwargs: Any) -> list[CheckMessage]:
    """Between the mark and the last word of the mail server lie up to two waits of EMAIL_TIMEOUT."""
    if settings.EMAIL_TIMEOUT and 3 * settings.EMAIL_TIMEOUT <= LEASE_SECONDS:
        return []
    return [
        Error(
            f"EMAIL_TIMEOUT is {settings.EMAIL_TIMEOUT}, too long for a lease of {LEASE_SECONDS} s on a notice.",
            hint=f"Set it to at most {LEASE_SECONDS // 3} seconds; otherwise slow mails look like lost ones.",
            id="notices.E001",
        )
    ]
