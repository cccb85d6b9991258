"""The agenda mail: a day before the meeting everybody gets agenda, pre-reads, their own tasks and the pack as a PDF.

One promise for each participant, so many hours before the start as the type of meeting says (absolute hours). A
meeting that is called later than that has its agenda sent a few minutes after the invitation. The mail is worded when
it goes out, so it says what is true then; the pack is made shortly before by a tick, because a dispatcher must not
wait for it. Where it is not ready or too large for a mail, the mail has its link instead and goes out in time.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.templatetags.times import duration_words, moment_words
from meetings import agenda
from meetings.models import AgendaItem, Meeting, Pack, Participant, PreRead
from meetings.models.module import Kind as ItemKind
from meetings.queries import confidential
from meetings.queries import packs as pack_queries
from meetings.services import packs
from notices import kinds, planning, services
from notices.kinds import Attachment, Category, Kind
from notices.models import Notice
from notices.planning import Wanted
from people.models import User

AGENDA = "meetings.agenda"
# A meeting called at short notice: its agenda follows the invitation so much later, when its pack is made.
AT_ONCE = timedelta(minutes=5)
# Packs are made so long before their mails go out.
AHEAD = timedelta(minutes=20)
# Larger ones are refused by many mail servers.
LARGEST_ATTACHMENT = 10 * 1024 * 1024
HANDED_OVER = (Notice.State.SENT, Notice.State.SENDING, Notice.State.UNCERTAIN, Notice.State.BOUNCED)


# --- what ought to be promised ------------------------------------------------------------------------------
def due_at(meeting: Meeting) -> datetime:
    """When the agenda is to go out; hours are absolute, across a change of the clocks too."""
    return meeting.starts_at - timedelta(hours=meeting.template.agenda_lead_hours)


class Known(NamedTuple):
    """An agenda mail that was promised before."""

    recipient_id: int
    due_at: datetime
    send_at: datetime
    state: str


def wanted(
    meeting: Meeting, now: datetime, *, people: Iterable[User], known: Sequence[Known]
) -> Iterator[Wanted]:
    """One notice for each of the `people`, unless the type has none, or they got it for nearly this time already: a
    meeting that is moved by an hour on its last day is told by the notice of the change alone."""
    lead = timedelta(hours=meeting.template.agenda_lead_hours)
    if not lead or meeting.status != Meeting.Status.SCHEDULED or meeting.starts_at <= now:
        return
    due = due_at(meeting)
    had = {one.recipient_id for one in known if one.state in HANDED_OVER and abs(one.due_at - due) < lead}
    promised = {one.recipient_id: one.send_at for one in known if one.due_at == due}
    at_once = min(now + AT_ONCE, max(now, meeting.starts_at - AT_ONCE))
    for person in people:
        if person.pk in had and person.pk not in promised:
            continue
        yield Wanted(
            recipient=person,
            subject=meeting,
            kind=AGENDA,
            due_at=due,
            send_at=promised.get(person.pk, max(due, at_once)),
            expires_at=meeting.starts_at,
        )


def plan(*, meeting: Meeting, now: datetime) -> None:
    """Bring the promises in line with the meeting: sent, moved, cancelled, somebody joined or left. Call it in the
    transaction that changed it."""
    known = _known([meeting.pk])[meeting.pk]
    rows = list(wanted(meeting, now, people=_people([meeting.pk])[meeting.pk], known=known))
    asked = {(one.recipient.pk, one.due_at) for one in rows}
    open_ones = [one for one in known if one.state in (Notice.State.PENDING, Notice.State.SENDING)]
    gone = [one.recipient_id for one in open_ones if (one.recipient_id, one.due_at) not in asked]
    for person in User.objects.filter(pk__in=gone):
        services.withdraw(subject=meeting, kinds=[AGENDA], recipient=person)
    services.promise_all(rows)


def wanted_of_all() -> Iterator[Wanted]:
    """For the reconciler: the agenda mails of all meetings that are still to come. Three queries."""
    now = timezone.now()
    coming = list(
        Meeting.objects.filter(status=Meeting.Status.SCHEDULED, starts_at__gt=now).select_related("template")
    )
    ids = [meeting.pk for meeting in coming]
    known, people = _known(ids), _people(ids)
    for meeting in coming:
        yield from wanted(meeting, now, people=people[meeting.pk], known=known[meeting.pk])


def _people(meetings: Iterable[int]) -> dict[int, list[User]]:
    """By meeting: who takes part and is still in the company."""
    found: dict[int, list[User]] = {pk: [] for pk in meetings}
    rows = Participant.objects.filter(meeting__in=list(found), user__is_active=True).select_related("user")
    for row in rows.order_by("pk"):
        found[row.meeting_id].append(row.user)
    return found


def _known(meetings: Iterable[int]) -> dict[int, list[Known]]:
    """By meeting: what was promised so far."""
    found: dict[int, list[Known]] = {pk: [] for pk in meetings}
    rows = Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(Meeting), subject_id__in=list(found), kind=AGENDA
    )
    for subject, *values in rows.values_list("subject_id", *Known._fields):
        found[subject].append(Known(*values))
    return found


# --- its pack -----------------------------------------------------------------------------------------------
def prepare_packs(*, now: datetime) -> list[Pack]:
    """Have the packs made that go out within `AHEAD`, in the languages of their readers; finished ones stay."""
    soon = Notice.objects.filter(
        phase=Notice.Phase.OPEN, state=Notice.State.PENDING, kind=AGENDA, send_at__lte=now + AHEAD
    )
    wishes = set(soon.values_list("subject_id", "recipient__language"))
    meetings = Meeting.objects.select_related("template", "host").in_bulk({pk for pk, _language in wishes})
    found = []
    for pk, language in sorted(wishes):
        meeting = meetings.get(pk)
        if meeting is None or meeting.status != Meeting.Status.SCHEDULED or _failed(meeting, language, now):
            continue
        found.append(packs.ask(meeting=meeting, language=language, reader=None, by=None, now=now))
    return found


def _failed(meeting: Meeting, language: str, now: datetime) -> bool:
    """What failed within the last hour would fail again; the mail then goes without it."""
    failed = Pack.objects.filter(
        meeting=meeting, kind=Pack.Kind.AGENDA, reader=None, language=language, state=Pack.State.FAILED
    )
    return failed.filter(asked_at__gt=now - timedelta(hours=1)).exists()


def attached_pack(notice: Notice) -> Pack | None:
    """The pack that goes with the mail: up to date, and small enough."""
    pack = pack_queries.fresh(_meeting(notice), language=notice.recipient.language)
    return pack if pack and (pack.size or 0) <= LARGEST_ATTACHMENT else None


def _attachments(notice: Notice) -> list[Attachment]:
    pack = attached_pack(notice)
    if pack is None:
        return []
    try:
        with pack.file.open("rb") as stream:
            return [Attachment(stream.read(), "application/pdf", pack_queries.file_name(pack))]
    except OSError:
        return []  # the mail matters more than its attachment; its text has the link


# --- asked again at the last moment ---------------------------------------------------------------------------
def _is_wanted(notice: Notice) -> bool:
    meeting = _meeting(notice)
    return (
        meeting.status == Meeting.Status.SCHEDULED
        and notice.due_at == due_at(meeting)
        and meeting.participants.filter(user=notice.recipient_id).exists()
    )


# --- in words ---------------------------------------------------------------------------------------------------
def _meeting(notice: Notice) -> Meeting:
    return cast("Meeting", notice.subject)


def _title(notice: Notice) -> str:
    meeting = _meeting(notice)
    return _("Agenda: %(title)s, %(time)s") % {
        "title": meeting.title,
        "time": moment_words(meeting.starts_at, notice.recipient, with_zone=False),
    }


def _body(notice: Notice) -> str:
    """When and where, what is for this person to do, the agenda, the pre-reads, the pack; paragraphs."""
    meeting, person = _meeting(notice), notice.recipient
    items = list(meeting.items.select_related("department", "presenter_user").in_order())
    known = confidential.masked(items, person)
    prereads = list(meeting.prereads.select_related("department").in_order())
    parts = [
        _when(meeting, person),
        _tasks(meeting, person, known, prereads),
        _agenda(meeting, person, known),
        _prereads(meeting, person, prereads),
        _pack(notice),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _when(meeting: Meeting, person: User) -> list[str]:
    lines = [
        _("When: %(time)s, %(length)s")
        % {
            "time": moment_words(meeting.starts_at, person),
            "length": duration_words(meeting.planned_minutes),
        }
    ]
    if meeting.time_zone != person.time_zone:
        words = moment_words(meeting.starts_at, meeting.time_zone)
        lines.append(_("On the meeting's clock: %(time)s") % {"time": words})
    if meeting.location:
        lines.append(_("Where: %(place)s") % {"place": meeting.location})
    if meeting.online_url:
        lines.append(_("Join: %(url)s") % {"url": meeting.online_url})
    lines.append(_("Host: %(name)s") % {"name": meeting.host.name})
    if meeting.period:
        lines.append(_("Period under review: %(period)s") % {"period": meeting.period.label})
    return lines


def _tasks(
    meeting: Meeting, person: User, items: Iterable[AgendaItem], prereads: Iterable[PreRead]
) -> list[str]:
    """What is still for this person to do: a pre-read, a reply; and the parts that are theirs."""
    lines = [
        _("Your department's pre-read is missing: %(department)s, %(url)s")
        % {"department": preread.department.name, "url": site_url(preread.get_absolute_url())}
        for preread in prereads
        if not preread.submitted_at and preread.department_id in person.headed_department_ids
    ]
    mine = meeting.participants.filter(user=person).first()
    if mine and mine.reply == Participant.Reply.NONE and mine.role != Participant.Role.HOST:
        lines.append(_("You have not said yet whether you come: %(url)s") % {"url": _page(meeting)})
    for item, time in _timed(meeting, person, items):
        if presents(person, mine, item):
            lines.append(
                _("You present “%(item)s” at %(time)s, %(minutes)d min")
                % {"item": item.title, "time": f"{time.starts_at:%H:%M}", "minutes": item.report_minutes}
            )
    return [_("For you"), *lines] if lines else []


def presents(person: User, mine: Participant | None, item: AgendaItem) -> bool:
    """By name, else for the department whose item it is."""
    if not item.report_minutes or item.kind == ItemKind.BREAK:
        return False
    if item.presenter_user_id:
        return item.presenter_user_id == person.pk
    return bool(
        mine
        and mine.role == Participant.Role.PRESENTER
        and item.department_id
        and mine.department_id == item.department_id
    )


def _agenda(meeting: Meeting, person: User, items: Iterable[AgendaItem]) -> list[str]:
    lines = []
    for item, time in _timed(meeting, person, items):
        who = (
            item.presenter_user.name
            if item.presenter_user
            else item.department.name
            if item.department
            else ""
        )
        clock = f"{time.starts_at:%H:%M}–{time.ends_at:%H:%M}"
        lines.append(f"{clock}  {item.title}" + (f" · {who}" if who else ""))
    return [_("Agenda"), *lines] if lines else []


def _timed(
    meeting: Meeting, person: User, items: Iterable[AgendaItem]
) -> Iterator[tuple[AgendaItem, agenda.Timing]]:
    rows = list(items)
    times = agenda.timings(agenda.slots(rows), meeting.starts_at.astimezone(person.zone))
    return zip(rows, times, strict=True)


def _prereads(meeting: Meeting, person: User, prereads: list[PreRead]) -> list[str]:
    """Links to what was handed in, as far as this person may open it, and what is missing."""
    if not prereads:
        return []
    openable = set(PreRead.objects.visible_to(person).filter(meeting=meeting).values_list("pk", flat=True))
    lines = []
    for preread in prereads:
        if preread.submitted_at and preread.pk in openable:
            state = (
                pgettext("of a pre-read", "certified")
                if preread.status == PreRead.Status.CERTIFIED
                else _("not certified")
            )
            words = _("%(department)s (%(state)s): %(url)s")
            lines.append(
                words
                % {
                    "department": preread.department.name,
                    "state": state,
                    "url": site_url(preread.get_absolute_url()),
                }
            )
    missing = [preread.department.name for preread in prereads if not preread.submitted_at]
    if missing:
        names = pgettext("between names", ", ").join(missing)
        lines.append(_("Still missing: %(names)s") % {"names": names})
    return [_("Pre-reads"), *lines]


def _pack(notice: Notice) -> list[str]:
    pack = attached_pack(notice)
    if pack is None:
        return [_("The pack to print: %(url)s") % {"url": f"{_page(_meeting(notice))}#pack"}]
    pages = pack.pages or 0
    words = ngettext(
        "The pack is attached as a PDF: %(pages)d page, %(size)s.",
        "The pack is attached as a PDF: %(pages)d pages, %(size)s.",
        pages,
    )
    return [words % {"pages": pages, "size": filesizeformat(pack.size or 0)}]


def _page(meeting: Meeting) -> str:
    return site_url(reverse("meetings:detail", args=[meeting.pk]))


def site_url(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def register() -> None:
    """Called once, when the app is ready."""
    planning.register(wanted_of_all)
    kinds.register(
        Kind(
            code=AGENDA,
            category=Category.MEETINGS,
            label=gettext_lazy("Agenda"),
            icon="list-details",
            related=("host", "template"),
            is_wanted=_is_wanted,
            title=_title,
            body=_body,
            url=lambda notice: _meeting(notice).get_absolute_url(),
            button=gettext_lazy("Open the meeting"),
            attachments=_attachments,
        )
    )
