"""What people are told about minutes: one mail each when they are circulated, a word when something becomes of them.

Who was there gets what was decided and what concerns their department; who was away gets a digest of what they
missed; the heads of departments that sent nobody get their department's excerpt. Nobody gets more than one. Mails are
worded when they go out, for their reader: of confidential items outside of their circle they say nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Model
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.times import moment_words
from meetings.agenda_mail import LARGEST_ATTACHMENT, site_url
from meetings.models import (
    AgendaItem,
    Attendance,
    Correction,
    Meeting,
    Minutes,
    MinutesApproval,
    MinutesEdition,
    Objection,
    Pack,
    Participant,
)
from meetings.packs import minutes_text
from meetings.packs.minutes_words import Block, Heading, Points, Text, Words
from meetings.queries import minutes_content, minutes_paper
from meetings.queries import packs as pack_queries
from meetings.services import packs
from notices import kinds, services
from notices.kinds import Attachment, Kind
from notices.models import Notice
from people import queries as people
from people.models import Department, User

PRESENT, ABSENT, EXCERPT = "meetings.minutes", "meetings.minutes_absent", "meetings.minutes_excerpt"
TO_APPROVE = "meetings.minutes_to_approve"
OBJECTION, ANSWER = "meetings.minutes_objection", "meetings.minutes_answer"
CORRECTED = "meetings.minutes_corrected"
CIRCULATED = (PRESENT, ABSENT, EXCERPT)
# Time for a worker to set the PDF that goes along.
PAUSE = timedelta(minutes=2)


# --- promising ----------------------------------------------------------------------------------------------
def recipients(meeting: Meeting) -> dict[User, str]:
    """Everybody who is told of an edition, and by which kind of mail: each person once."""
    rows = Participant.objects.filter(meeting=meeting, user__is_active=True).select_related("user")
    there = set(Attendance.objects.filter(meeting=meeting).values_list("user_id", flat=True))
    found = {
        row.user: ABSENT if there and row.user_id not in there else PRESENT for row in rows.order_by("pk")
    }
    guests = User.objects.filter(pk__in=there - {user.pk for user in found}, is_active=True)
    found |= dict.fromkeys(guests.order_by("pk"), PRESENT)
    for row in meeting.departments.select_related("department").order_by("pk"):
        for head in people.leads(row.department):
            found.setdefault(head, EXCERPT)
    readable = Meeting.objects.filter(pk=meeting.pk)
    return {user: kind for user, kind in found.items() if readable.visible_to(user).exists()}


def tell_circulated(*, edition: MinutesEdition, now: datetime) -> None:
    """One mail each, and the PDFs that go along; who approves is reminded when the time for objections is over."""
    minutes = edition.minutes
    told = recipients(minutes.meeting)
    for person, kind in told.items():
        services.promise(recipient=person, subject=edition, kind=kind, due_at=now, send_at=now + PAUSE)
    for approval in minutes.approvals.select_related("user"):
        if approval.user not in told:
            services.promise(
                recipient=approval.user, subject=edition, kind=PRESENT, due_at=now, send_at=now + PAUSE
            )
        if minutes.objections_until:
            services.promise(
                recipient=approval.user, subject=edition, kind=TO_APPROVE, due_at=minutes.objections_until
            )
    for language in sorted({person.language for person in told}):
        packs.ask(
            meeting=minutes.meeting, kind=Pack.Kind.MINUTES, language=language, reader=None, by=None, now=now
        )


def withdraw(minutes: Minutes) -> None:
    """Mails about editions that are taken back stay unsent."""
    for edition in minutes.editions.defer("content"):
        services.withdraw(subject=edition, kinds=[*CIRCULATED, TO_APPROVE])


def tell_objection(objection: Objection, *, now: datetime) -> None:
    """The host and the recorder, without whoever objects."""
    meeting = objection.minutes.meeting
    wanted = Participant.objects.filter(
        meeting=meeting, role__in=[Participant.Role.HOST, Participant.Role.RECORDER]
    ).select_related("user")
    told = {row.user for row in wanted} | {meeting.host}
    _tell_each(told - {objection.raised_by}, objection, OBJECTION, now)


def tell_answer(objection: Objection, *, now: datetime) -> None:
    _tell_each([objection.raised_by], objection, ANSWER, now)


def tell_correction(correction: Correction, *, now: datetime) -> None:
    _tell_each(recipients(correction.minutes.meeting), correction, CORRECTED, now)


def _tell_each(wanted: Iterable[User], subject: Model, kind: str, now: datetime) -> None:
    for person in wanted:
        if person.is_active:
            services.promise(recipient=person, subject=subject, kind=kind, due_at=now)


# --- asked again at the last moment -------------------------------------------------------------------------
def _edition(notice: Notice) -> MinutesEdition:
    return cast("MinutesEdition", notice.subject)


def is_newest(notice: Notice) -> bool:
    """Not taken back, and not followed by another edition that was circulated."""
    edition = _edition(notice)
    later = edition.minutes.editions.filter(number__gt=edition.number, cause=MinutesEdition.Cause.CIRCULATED)
    return edition.minutes.state != Minutes.State.DRAFT and not later.exists()


def waits_for_approval(notice: Notice) -> bool:
    return is_newest(notice) and _approval(notice) is not None


def _approval(notice: Notice) -> MinutesApproval | None:
    """What this person still has to approve."""
    return _edition(notice).minutes.approvals.filter(user=notice.recipient_id, approved_at=None).first()


def _readable(model: Any, path: str) -> Callable[[User, set[int]], set[int]]:
    """Of these records, those of meetings that somebody may read, and of items that are not kept from them."""

    def readable(user: User, ids: set[int]) -> set[int]:
        rows = model.objects.filter(pk__in=ids, **{f"{path}__in": Meeting.objects.visible_to(user)})
        if model is not MinutesEdition:
            rows = rows.exclude(item__in=AgendaItem.objects.all().hidden_from(user))
        return set(rows.values_list("pk", flat=True))

    return readable


def _may_read(notice: Notice) -> bool:
    kind = kinds.get(notice.kind)
    return kind.may_read is None or bool(kind.may_read(notice.recipient, {notice.subject_id}))


# --- the mail of an edition ---------------------------------------------------------------------------------
def _names(notice: Notice) -> dict[str, Any]:
    edition = _edition(notice)
    until = edition.minutes.objections_until
    return {
        "meeting": edition.minutes.meeting.title,
        "number": edition.number,
        "until": moment_words(until, notice.recipient) if until else "",
        "url": _page(edition.minutes.meeting),
    }


def _body(notice: Notice) -> str:
    edition, person = _edition(notice), notice.recipient
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
    names = _names(notice)
    first = {
        PRESENT: _("The minutes of “%(meeting)s” are circulated (edition %(number)d)."),
        ABSENT: _("You were not in “%(meeting)s”. This is what you missed (minutes, edition %(number)d)."),
        EXCERPT: _(
            "The minutes of “%(meeting)s” are circulated (edition %(number)d). This is what concerns your department."
        ),
    }[notice.kind]
    lines = [first % names]
    if _approval(notice):
        lines.append(_("You are asked to approve them: %(url)s") % names)
    lines.append(_("Whatever is wrong in them can be objected to until %(until)s: %(url)s") % names)
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


def _of_department(content: minutes_content.Content, department: Department) -> list[Block]:
    """The department's own items as they stand in the minutes, and what it promised."""
    words = Words(minutes_content.excerpt(content, department))
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
        _edition(notice).minutes.meeting, language=notice.recipient.language, kind=Pack.Kind.MINUTES
    )
    return found if found and (found.size or 0) <= LARGEST_ATTACHMENT else None


def _attachments(notice: Notice) -> list[Attachment]:
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
        return [_("To print them: %(url)s") % {"url": f"{_page(_edition(notice).minutes.meeting)}#pack"}]
    words = ngettext(
        "The minutes are attached as a PDF: %(pages)d page, %(size)s.",
        "The minutes are attached as a PDF: %(pages)d pages, %(size)s.",
        pack.pages or 0,
    )
    return [words % {"pages": pack.pages or 0, "size": filesizeformat(pack.size or 0)}]


def _page(meeting: Meeting) -> str:
    return site_url(reverse("meetings:minutes", args=[meeting.pk]))


# --- objections and corrections -----------------------------------------------------------------------------
def _objection_words(notice: Notice) -> dict[str, str]:
    objection = cast("Objection", notice.subject)
    return {
        "meeting": objection.minutes.meeting.title,
        "by": objection.raised_by.name,
        "text": objection.text,
        "answer": objection.get_answer_display(),
        "answered_by": objection.answered_by.name if objection.answered_by else "",
        "why": objection.answer_text,
    }


def _correction_words(notice: Notice) -> dict[str, Any]:
    correction = cast("Correction", notice.subject)
    return {
        "meeting": correction.minutes.meeting.title,
        "number": correction.number,
        "by": correction.made_by.name,
        "text": correction.text,
    }


def _url_of(notice: Notice) -> str:
    minutes = cast("Any", notice.subject).minutes
    return reverse("meetings:minutes", args=[minutes.meeting_id])


def register() -> None:
    """Called once, when the app is ready."""
    _register_editions()
    records: dict[str, Any] = {"icon": "message", "url": _url_of, "related": ("minutes__meeting",)}
    kinds.register(
        Kind(
            code=OBJECTION,
            label=gettext_lazy("Objection to minutes"),
            is_wanted=lambda n: not cast("Objection", n.subject).answer and _may_read(n),
            may_read=_readable(Objection, "minutes__meeting"),
            title=lambda n: _("%(by)s objects to the minutes of “%(meeting)s”") % _objection_words(n),
            body=lambda n: _objection_words(n)["text"],
            button=gettext_lazy("Answer"),
            **records,
        )
    )
    kinds.register(
        Kind(
            code=ANSWER,
            label=gettext_lazy("Answer to an objection"),
            is_wanted=_may_read,
            may_read=_readable(Objection, "minutes__meeting"),
            title=lambda n: (
                _("Your objection to the minutes of “%(meeting)s”: %(answer)s") % _objection_words(n)
            ),
            body=lambda n: "\n\n".join(
                part
                for part in (
                    _("Answered by %(answered_by)s.") % _objection_words(n),
                    _objection_words(n)["why"],
                )
                if part
            ),
            **records,
        )
    )
    kinds.register(
        Kind(
            code=CORRECTED,
            label=gettext_lazy("Correction of minutes"),
            is_wanted=_may_read,
            may_read=_readable(Correction, "minutes__meeting"),
            title=lambda n: _("Correction %(number)d of the minutes of “%(meeting)s”") % _correction_words(n),
            body=lambda n: _("%(text)s\n\nAdded by %(by)s.") % _correction_words(n),
            **records,
        )
    )


def _register_editions() -> None:
    about: dict[str, Any] = {
        "icon": "file-text",
        "related": ("minutes__meeting",),
        "may_read": _readable(MinutesEdition, "minutes__meeting"),
        "url": _url_of,
        "button": gettext_lazy("Read the minutes"),
    }
    titles: dict[str, Callable[[Notice], str]] = {
        PRESENT: lambda n: _("Minutes: %(meeting)s") % _names(n),
        ABSENT: lambda n: _("What you missed: %(meeting)s") % _names(n),
        EXCERPT: lambda n: _("Minutes for your department: %(meeting)s") % _names(n),
    }
    for code, title in titles.items():
        kinds.register(
            Kind(
                code=code,
                label=gettext_lazy("Minutes"),
                title=title,
                is_wanted=lambda n: is_newest(n) and _may_read(n),
                body=_body,
                attachments=_attachments,
                **about,
            )
        )
    kinds.register(
        Kind(
            code=TO_APPROVE,
            label=gettext_lazy("Minutes to approve"),
            title=lambda n: _("The minutes of “%(meeting)s” wait for your approval") % _names(n),
            is_wanted=lambda n: waits_for_approval(n) and _may_read(n),
            body=lambda n: _("The time for objections is over. With your yes they can be locked."),
            **about,
        )
    )
