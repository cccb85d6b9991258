"""Files of a pre-read: checked by name and content, kept under a random name, hidden rather than deleted."""

from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import history
from core.files import ACCEPT, ALLOWED, LONGEST_NAME, Refused, check, clean_name, sha256
from meetings.errors import NotAllowed
from meetings.models import Attachment, PreRead, RequiredDocument
from people.models import User

__all__ = [
    "ACCEPT",
    "ALLOWED",
    "LONGEST_NAME",
    "Refused",
    "attach",
    "check",
    "clean_name",
    "largest_request",
    "remove",
    "set_confidential",
]

LONGEST_SECTION = 80
MOST_FILES = 40
# Files that one request may bring; a larger request is refused before it is read.
AT_ONCE = 5


def attach(
    *,
    preread: PreRead,
    file: UploadedFile,
    by: User,
    now: datetime,
    document: RequiredDocument | None = None,
    section: str = "",
    is_confidential: bool = False,
) -> Attachment:
    """Keep a file with a pre-read, as evidence for one of its sections or as one of the required documents.

    Raises Refused (kind, size, empty, twice, too many) and NotAllowed (already submitted).
    """
    name = clean_name(file.name or "")
    content_type = check(file=file, name=name)
    digest = sha256(file)
    try:
        with transaction.atomic():
            if not PreRead.objects.filter(pk=preread.pk, status__in=PreRead.WRITABLE).update(
                status=PreRead.Status.DRAFT, saved_at=now
            ):
                raise NotAllowed(_("This pre-read was submitted in the meantime. Reopen it to change it."))
            if Attachment.objects.filter(preread=preread, removed_at=None).count() >= MOST_FILES:
                raise Refused(
                    _("“%(name)s” is not taken: a pre-read has at most %(count)d files. Take one off first.")
                    % {"name": name, "count": MOST_FILES}
                )
            attachment = Attachment(
                preread=preread,
                document=document,
                section=section[:LONGEST_SECTION],
                is_confidential=is_confidential,
                name=name,
                content_type=content_type,
                size=file.size or 0,
                sha256=digest,
                added_by=by,
                added_at=now,
            )
            attachment.file.save(name, file, save=False)
            attachment.save(force_insert=True)
    except IntegrityError as error:
        attachment.file.delete(save=False)
        raise Refused(_("“%(name)s” is already attached.") % {"name": name}) from error
    preread.status, preread.saved_at = PreRead.Status.DRAFT, now
    return attachment


@transaction.atomic
def remove(*, attachment: Attachment, by: User, now: datetime) -> None:
    """Take a file off the pre-read. The file itself stays: an earlier revision may show it."""
    _check_writable(attachment)
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=now)


def _check_writable(attachment: Attachment) -> None:
    if not PreRead.objects.filter(pk=attachment.preread_id, status__in=PreRead.WRITABLE).exists():
        raise NotAllowed(_("This pre-read was submitted in the meantime. Reopen it to change it."))


@transaction.atomic
def set_confidential(*, attachment: Attachment, is_confidential: bool, by: User, now: datetime) -> None:
    """Keep a file to the heads of the department, whoever hosts or decides in the meeting and who attached it.

    Counts at once for revisions that show the file, too.
    """
    _check_writable(attachment)
    if (
        Attachment.objects.filter(pk=attachment.pk)
        .exclude(is_confidential=is_confidential)
        .update(is_confidential=is_confidential)
    ):
        history.record(
            actor=by,
            verb="meetings.attachment_confidential" if is_confidential else "meetings.attachment_open",
            target=attachment.preread,
            after={"file": attachment.name},
        )


def largest_request() -> int:
    """Bytes that one request with files may have; the rest of the form fits beside them."""
    return settings.MAX_ATTACHMENT_BYTES * AT_ONCE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
