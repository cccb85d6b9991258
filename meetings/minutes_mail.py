"""What people are told about minutes: one mail each when they are circulated, a word when something becomes of them.

Who was there gets what was decided and what concerns their department; who was away gets a digest of what they
missed; the heads of departments that sent nobody get their department's excerpt. Nobody gets more than one. Mails are
worded when they go out, for their reader: of confidential items outside of their circle they say nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import minutes_letter as letter
from meetings.minutes_letter import ABSENT, EXCERPT, PRESENT
from meetings.models import (
    AgendaItem,
    Attendance,
    Correction,
    Meeting,
    Minutes,
    MinutesEdition,
    Objection,
    Pack,
    Participant,
)
from meetings.services import packs
from notices import kinds, services
from notices.kinds import Category, Kind
from notices.models import Notice
from people import queries as people
from people.models import User

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
def is_newest(notice: Notice) -> bool:
    """Not taken back, and not followed by another edition that was circulated."""
    edition = letter.edition_of(notice)
    later = edition.minutes.editions.filter(number__gt=edition.number, cause=MinutesEdition.Cause.CIRCULATED)
    return edition.minutes.state != Minutes.State.DRAFT and not later.exists()


def waits_for_approval(notice: Notice) -> bool:
    return is_newest(notice) and letter.approval_of(notice) is not None


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
            category=Category.MINUTES,
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
            category=Category.MINUTES,
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
            category=Category.MINUTES,
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
        PRESENT: lambda n: _("Minutes: %(meeting)s") % letter.names(n),
        ABSENT: lambda n: _("What you missed: %(meeting)s") % letter.names(n),
        EXCERPT: lambda n: _("Minutes for your department: %(meeting)s") % letter.names(n),
    }
    for code, title in titles.items():
        kinds.register(
            Kind(
                code=code,
                category=Category.MINUTES,
                label=gettext_lazy("Minutes"),
                title=title,
                is_wanted=lambda n: is_newest(n) and _may_read(n),
                body=letter.body,
                attachments=letter.attachments,
                **about,
            )
        )
    kinds.register(
        Kind(
            code=TO_APPROVE,
            category=Category.MINUTES,
            label=gettext_lazy("Minutes to approve"),
            title=lambda n: _("The minutes of “%(meeting)s” wait for your approval") % letter.names(n),
            is_wanted=lambda n: waits_for_approval(n) and _may_read(n),
            body=lambda n: _("The time for objections is over. With your yes they can be locked."),
            **about,
        )
    )
