"""The mail in which an edition of minutes reaches one person, in their words: by whether they were there."""

from typing import Any, cast

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.times import moment_words
from meetings.agenda_mail import LARGEST_ATTACHMENT, site_url
from meetings.models import Meeting, MinutesApproval, MinutesEdition, Pack, Participant
from meetings.packs import minutes_text
from meetings.packs.blocks import Block, Heading, Points, Text
from meetings.packs.minutes_words import Words
from meetings.queries import minutes_paper, minutes_reading
from meetings.queries import packs as pack_queries
from meetings.queries.minutes_content import Content
from notices.kinds import Attachment
from notices.models import Notice
from people.models import Department, User

PRESENT, ABSENT, EXCERPT = "meetings.minutes", "meetings.minutes_absent", "meetings.minutes_excerpt"


def edition_of(notice: Notice) -> MinutesEdition:
    return cast("MinutesEdition", notice.subject)


def approval_of(notice: Notice) -> MinutesApproval | None:
    """What this person still has to approve."""
    return edition_of(notice).minutes.approvals.filter(user=notice.recipient_id, approved_at=None).first()


def names(notice: Notice) -> dict[str, Any]:
    edition = edition_of(notice)
    until = edition.minutes.objections_until
    return {
        "meeting": edition.minutes.meeting.title,
        "number": edition.number,
        "until": moment_words(until, notice.recipient) if until else "",
        "url": page(edition.minutes.meeting),
    }


def body(notice: Notice) -> str:
    edition, person = edition_of(notice), notice.recipient
    paper = minutes_paper.of_edition(edition, reader=person)
    words = Words(paper.content)
    departments = _departments(edition.minutes.meeting, person)
    blocks = [*_opening(notice), *_own_actions(words, person)]
    if notice.kind != EXCERPT:
        blocks += [*_section(_("Summary"), paper.content["summary"]), *_decisions(words)]
    for department in departments:
        blocks += _of_department(paper.content, department)
    if notice.kind == ABSENT:
        blocks += _items(words)
    return "\n\n".join([minutes_text.plain(blocks), *_pack(notice)])


def _opening(notice: Notice) -> list[Block]:
    about = names(notice)
    first = {
        PRESENT: _("The minutes of “%(meeting)s” are circulated (edition %(number)d)."),
        ABSENT: _("You were not in “%(meeting)s”. This is what you missed (minutes, edition %(number)d)."),
        EXCERPT: _(
            "The minutes of “%(meeting)s” are circulated (edition %(number)d). This is what concerns your department."
        ),
    }[notice.kind]
    lines = [first % about]
    if approval_of(notice):
        lines.append(_("You are asked to approve them: %(url)s") % about)
    lines.append(_("Whatever is wrong in them can be objected to until %(until)s: %(url)s") % about)
    return [Text("\n".join(lines))]


def _section(title: str, text: str) -> list[Block]:
    return [Heading(title), Text(text)] if text else []


def _decisions(words: Words) -> list[Block]:
    rows = words.decisions()
    if not rows:
        return [Heading(_("Decisions")), Text(_("Nothing was decided."))]
    return [Heading(_("Decisions")), Points([f"{one['code']} {one['text']}" for one in rows])]


def _own_actions(words: Words, person: User) -> list[Block]:
    mine = [one for one in words.promises() if one["owner_id"] == person.pk]
    if not mine:
        return []
    lines = [
        _("%(action)s, due %(day)s") % {"action": one["title"], "day": words.deadline(one)}
        if one["due_at"]
        else one["title"]
        for one in mine
    ]
    return [Heading(_("For you to do")), Points(lines)]


def _of_department(content: Content, department: Department) -> list[Block]:
    """The department's own items as they stand in the minutes, and what it promised."""
    words = Words(minutes_reading.excerpt(content, department))
    blocks = [*words.chapters(), *words.promised()]
    return [Heading(_("Of %(department)s") % {"department": department.name}), *blocks] if blocks else []


def _items(words: Words) -> list[Block]:
    titles = words.visited()
    return [Heading(_("What was talked about")), Points(titles)] if titles else []


def _departments(meeting: Meeting, person: User) -> list[Department]:
    """The department somebody attends for, else those they belong to, as far as they take part."""
    own = Participant.objects.filter(meeting=meeting, user=person).values_list("department", flat=True)
    wanted = {pk for pk in own if pk} or set(person.department_ids)
    there = set(meeting.departments.values_list("department", flat=True))
    there |= set(meeting.items.exclude(department=None).values_list("department", flat=True))
    return list(Department.objects.filter(pk__in=wanted & there).order_by("position", "pk"))


def attached_pack(notice: Notice) -> Pack | None:
    """The PDF for everybody in the reader's language, if it is made and small enough. Who may know more than
    everybody finds the rest on the page."""
    found = pack_queries.fresh(
        edition_of(notice).minutes.meeting, language=notice.recipient.language, kind=Pack.Kind.MINUTES
    )
    return found if found and (found.size or 0) <= LARGEST_ATTACHMENT else None


def attachments(notice: Notice) -> list[Attachment]:
    pack = attached_pack(notice)
    if pack is None:
        return []
    try:
        with pack.file.open("rb") as stream:
            return [Attachment(stream.read(), "application/pdf", pack_queries.file_name(pack))]
    except OSError:
        return []  # the mail matters more than its attachment; its text has the link


def _pack(notice: Notice) -> list[str]:
    pack = attached_pack(notice)
    if pack is None:
        return [_("To print them: %(url)s") % {"url": f"{page(edition_of(notice).minutes.meeting)}#pack"}]
    words = ngettext(
        "The minutes are attached as a PDF: %(pages)d page, %(size)s.",
        "The minutes are attached as a PDF: %(pages)d pages, %(size)s.",
        pack.pages or 0,
    )
    return [words % {"pages": pack.pages or 0, "size": filesizeformat(pack.size or 0)}]


def page(meeting: Meeting) -> str:
    return site_url(reverse("meetings:minutes", args=[meeting.pk]))
