"""Files that people attach: checked by name and content. What belongs to whom is for the apps to say."""

import hashlib
import unicodedata
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

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


class Refused(Exception):
    """A file that is not taken; the text says why and what to do."""


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


def sha256(file: UploadedFile) -> str:
    """The fingerprint of what it holds; it can be read from its beginning again."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def download(file: FieldFile, name: str) -> FileResponse:
    """A file as a download and never interpreted: its name is only text, its type one of ours. Raises Http404."""
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    ending = (file.name or "").rpartition(".")[2]
    content_type = ALLOWED.get(ending, ("application/octet-stream", ()))[0]
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
