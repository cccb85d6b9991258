"""Files of a pre-read: checked by name and content, kept under a random name, hidden rather than deleted."""

import hashlib
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import history
from meetings.errors import NotAllowed
from meetings.models import Attachment, PreRead, RequiredDocument
from people.models import User

ZIP = (b"PK\x03\x04",)
OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
# Ending → type it is served as, and how such a file begins (nothing: any text without NUL bytes).
ALLOWED: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ZIP),
    "zip": ("application/zip", ZIP),
    "xls": ("application/vnd.ms-excel", OLE),
    "doc": ("application/msword", OLE),
    "ppt": ("application/vnd.ms-powerpoint", OLE),
    "csv": ("text/csv", ()),
    "txt": ("text/plain", ()),
}
ACCEPT = ",".join(f".{ending}" for ending in ALLOWED)
LONGEST_NAME = 300
LONGEST_SECTION = 80
MOST_FILES = 40
# Files that one request may bring; a larger request is refused before it is read.
AT_ONCE = 5


class Refused(Exception):
    """A file that is not taken; the text says why and what to do."""


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
    digest = _sha256(file)
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


def check(*, file: UploadedFile, name: str) -> str:
    """The type a file is served as. Raises Refused unless its ending is allowed and its content agrees."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending not in ALLOWED:
        raise Refused(
            _("“%(name)s” is not taken. Attach one of these kinds: %(kinds)s.")
            % {"name": name, "kinds": ", ".join(ALLOWED)}
        )
    if not file.size:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    if file.size > settings.MAX_ATTACHMENT_BYTES:
        raise Refused(
            _("“%(name)s” has %(size)d MB; at most %(limit)d MB are taken. Make it smaller or link to it.")
            % {
                "name": name,
                "size": -(-file.size // 1024**2),
                "limit": settings.MAX_ATTACHMENT_BYTES // 1024**2,
            }
        )
    content_type, beginnings = ALLOWED[ending]
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    fits = head.startswith(beginnings) if beginnings else b"\0" not in head
    if not fits or (ending == "webp" and head[8:12] != b"WEBP"):
        raise Refused(
            _("“%(name)s” is not what its ending says. Save it again as %(kind)s and attach that.")
            % {"name": name, "kind": ending}
        )
    return content_type


def clean_name(name: str) -> str:
    """What a file is called, as text: no folders, no control or direction signs, at most 300 signs."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(sign for sign in name if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}).strip()
    stem, dot, ending = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot:
        name = f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return name[:LONGEST_NAME] or "file"


def _sha256(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
