"""From HTML to PDF by WeasyPrint, which needs three libraries of the system and is imported only when a PDF is made.

Whatever a page names is fetched by `_fetch`, which knows two kinds of address: our static files, and pictures that
were handed to it as bytes. Everything else (http, file, data) is refused, so that a text of a person that got through
as markup could neither reach the network nor read a file of the server.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

logger = logging.getLogger(__name__)

# Debian's names of what WeasyPrint needs beside Python.
DEBIAN_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
# Addresses that only our own fetcher answers; "invalid" is a name that no network has.
HERE = "https://pack.invalid/"
STATIC = f"{HERE}static/"
PICTURE = f"{HERE}picture/"
LAYING_OUT = re.compile(r"Page (\d+)")


class PangoMissing(Exception):
    """WeasyPrint cannot be loaded here; the browser's own print works all the same."""


class Refused(ValueError):
    """An address that a pack may not fetch."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF."""

    content: bytes
    pages: int


def render(
    html: str,
    *,
    pictures: Mapping[str, bytes] | None = None,
    on_page: Callable[[int], None] = lambda page: None,
    on_writing: Callable[[], None] = lambda: None,
) -> Printed:
    """Set a complete HTML document in type.

    `pictures` are the bytes behind the addresses `PICTURE` + key; `on_page(number)` is called while pages are
    laid out, more than once for each where the layout has to be repeated, `on_writing()` when they all are.

    Raises PangoMissing on a machine without pango.
    """
    weasyprint = load()
    handler = _Progress(on_page, on_writing)
    progress = logging.getLogger("weasyprint.progress")
    level = progress.level
    was_passed_on, progress.propagate = progress.propagate, False
    progress.addHandler(handler)
    progress.setLevel(logging.INFO)
    try:
        document = weasyprint.HTML(
            string=html, base_url=HERE, url_fetcher=_fetcher(weasyprint, pictures or {})
        ).render()
        content = document.write_pdf()
    finally:
        progress.removeHandler(handler)
        progress.propagate = was_passed_on
        progress.setLevel(level)
    return Printed(content, len(document.pages))


def load() -> Any:
    """The module weasyprint. Raises PangoMissing."""
    try:
        import weasyprint  # leaf: needs libraries that a machine may lack
    except (ImportError, OSError) as error:
        logger.warning("No PDF can be made here: %s", error)
        raise PangoMissing(str(error)) from error
    # Its warnings are about fonts and styles; what a reader would miss shows in the PDF.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return weasyprint


def is_possible() -> bool:
    """Whether this machine can make PDFs."""
    try:
        load()
    except PangoMissing:
        return False
    return True


def _fetcher(weasyprint: Any, pictures: Mapping[str, bytes]) -> Any:
    class Fetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            body, mime_type = _fetch(url, pictures)
            return weasyprint.urls.URLFetcherResponse(url, body, {"Content-Type": mime_type})

    # Without a protocol in the list not even the base class would fetch anything by itself.
    return Fetcher(allowed_protocols=(), allow_redirects=False)


TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


def _fetch(url: str, pictures: Mapping[str, bytes]) -> tuple[bytes, str]:
    """The bytes and the type behind one of our own addresses. Raises Refused for every other one."""
    if url.startswith(STATIC):
        name = url.removeprefix(STATIC)
        ending = Path(name).suffix
        found = finders.find(name) if ending in TYPES and ".." not in name else None
        if isinstance(found, str):
            return Path(found).read_bytes(), TYPES[ending]
    elif url.startswith(PICTURE):
        key = url.removeprefix(PICTURE)
        if key in pictures:
            return pictures[key], "image/png" if pictures[key].startswith(b"\x89PNG") else "image/jpeg"
    raise Refused(f"A pack fetches nothing but its own files: {url[:200]}")


class _Progress(logging.Handler):
    """Hears which page is being laid out, and when the file is written."""

    def __init__(self, on_page: Callable[[int], None], on_writing: Callable[[], None]) -> None:
        super().__init__(level=logging.INFO)
        self.on_page, self.on_writing = on_page, on_writing

    def emit(self, record: logging.LogRecord) -> None:
        if found := LAYING_OUT.search(record.getMessage()):
            self.on_page(int(found[1]))
        elif "Creating PDF" in record.getMessage():
            self.on_writing()


# --- pictures ---------------------------------------------------------------------------------------------
# The dots of a picture that fills a page's width at 250 dots per inch.
LARGEST_SIDE = 1800
# A picture is unpacked whole before it is scaled, four bytes a dot, and once more while it is scaled.
MOST_PIXELS = 25_000_000
# JPEG is scaled while it is unpacked.
MOST_PIXELS_OF_PHOTOGRAPHS = 100_000_000
# With more colours it is something like a photograph, which JPEG keeps in a fraction.
MOST_COLOURS = 32_768


def scaled(content: bytes) -> bytes | None:
    """A picture as it is printed: upright, at most 1800 dots on its longer side, PNG or JPEG. None when it is none,
    or larger than a sane screenshot."""
    from PIL import Image, ImageOps  # leaf: only needed while a PDF is made

    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "GIF", "WEBP"]) as picture:
            is_photograph = picture.format == "JPEG"
            most = MOST_PIXELS_OF_PHOTOGRAPHS if is_photograph else MOST_PIXELS
            if picture.width * picture.height > most:
                return None
            if is_photograph:
                picture.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            plain, out = _on_white(upright), io.BytesIO()
            is_drawn = not is_photograph and plain.getcolors(MOST_COLOURS) is not None
            plain.save(out, "PNG") if is_drawn else plain.save(out, "JPEG", quality=85)
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _on_white(picture: Any) -> Any:
    """Without transparency, which costs time in print and shows nothing on paper."""
    from PIL import Image  # leaf

    full = picture.convert("RGBA")
    ground = Image.new("RGB", full.size, "white")
    ground.paste(full, mask=full.getchannel("A"))
    return ground
