"""Meetings with submitted pre-reads, for what is printed and mailed before them."""

import io
import re
import zlib
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from PIL import Image

from meetings.models import (
    AgendaItem,
    DecisionRequest,
    Meeting,
    PreRead,
    PreReadProblem,
    PreReadText,
    ResourceRequest,
    Review,
)
from meetings.packs import content as contents
from meetings.services import attachments, packs, prereads
from people.models import User
from tests import factories
from tests.meetings import room_factories as room

NOW = room.NOW


def meeting(departments=("sales", "finance"), **fields) -> Meeting:
    made = room.meeting(departments=departments, **fields)
    prereads.open_for(meeting=made, now=NOW)
    return made


def submit(
    made: Meeting, code: str = "sales", text: str = "We sold more.", by: User | None = None
) -> PreRead:
    preread = made.prereads.select_related("department", "meeting").get(department__code=code)
    by = by or factories.lead(code)
    PreReadText.objects.filter(preread=preread).update(text=text, version=1, edited_by=by, edited_at=NOW)
    prereads.submit(preread=preread, by=by, now=NOW + timedelta(minutes=1))
    preread.refresh_from_db()
    return preread


def certify(preread: PreRead, by: User) -> None:
    Review.objects.create(
        revision=preread.revisions.latest("pk"), verdict="certified", reviewed_by=by, reviewed_at=NOW
    )
    PreRead.objects.filter(pk=preread.pk).update(status="certified")


def rows(made: Meeting, code: str, decider: User, by: User) -> None:
    """A problem, a resource request and a decision request of a department."""
    preread = made.prereads.get(department__code=code)
    common = {"preread": preread, "edited_by": by, "edited_at": NOW}
    PreReadProblem.objects.create(
        problem="主图点击率低", whys=["图片三年没换"], solution="每季度复审", **common
    )
    ResourceRequest.objects.create(
        what="追加广告预算", why="旺季", cost="12000", expected_increment="5000", is_first=True, **common
    )
    DecisionRequest.objects.create(
        question="是否关闭加拿大站？",
        options=[{"text": "关闭", "effect": "少亏"}, {"text": "保留", "effect": ""}],
        recommended=0,
        decider=decider,
        **common,
    )


def picture(size=(640, 400), kind="PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (15, 90, 112)).save(out, kind)
    return out.getvalue()


def attach(made: Meeting, code: str, name: str, content: bytes, by: User) -> None:
    preread = made.prereads.get(department__code=code)
    attachments.attach(preread=preread, file=SimpleUploadedFile(name, content), by=by, now=NOW)


def make_confidential(made: Meeting, title: str = "Commission of the sales team") -> AgendaItem:
    return AgendaItem.objects.create(
        meeting=made,
        order=90,
        title_en=title,
        title_zh=title,
        presenter="host",
        report_minutes=10,
        is_confidential=True,
    )


# --- packs made -----------------------------------------------------------------------------------------------
def html_of(meeting, reader=None, language="en"):
    meeting = Meeting.objects.select_related("template", "host").get(pk=meeting.pk)
    with translation.override(language), timezone.override(meeting.zone):
        found = contents.gather(meeting, reader=reader)
        return packs.as_html(found, pictures={}, language=language, now=NOW)


def ask(meeting, language="en", reader=None, now=NOW):
    return packs.ask(meeting=meeting, language=language, reader=reader, by=meeting.host, now=now)


def made(meeting, **options):
    pack = ask(meeting, **options)
    packs.make(pack=pack, clock=timezone.now)
    pack.refresh_from_db()
    return pack


def fonts_in(content):
    return set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([^\s/>]+)", unpacked(content)))


def unpacked(content):
    """The PDF with its compressed streams opened."""
    parts = [content]
    for start in (match.end() for match in re.finditer(rb"stream\r?\n", content)):
        try:
            parts.append(zlib.decompressobj().decompress(content[start:]))
        except zlib.error:
            continue
    return b"\n".join(parts)
