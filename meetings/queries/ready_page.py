"""Is this meeting ready? Everything the host has to know, as tiles of a board: what is open first, in words.

The facts come from where the other pages have them: the open points of `blockers`, the checklist of `readiness`, the
board of pre-reads, the promises of the agenda mail. This module puts them side by side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.periods import Period
from core.templatetags.times import moment_words, relative_words
from meetings import agenda_mail, rules
from meetings.models import Meeting, Participant
from meetings.queries import agenda_checks, blockers, confidential, packs, prereads, readiness
from meetings.queries.prereads import Standing
from meetings.queries.readiness import Check
from metrics.models import Shop
from metrics.queries import uploads
from notices.models import Notice
from people.models import User

OK, OPEN, PLAIN = "ok", "open", "plain"
# Lines of one tile; the page behind its link has all of them.
MOST_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One question about the meeting: its answer in words, the names behind it, and where to mend it.

    `state`: ok, open (something is to be done) or plain (nothing to judge). `missing` are pre-reads to remind of.
    """

    code: str
    title: str
    icon: str
    state: str
    words: str
    lines: list[str] = field(default_factory=list)
    url: str = ""
    link: str = ""
    missing: list[Standing] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The one next step: a link, or a button (`is_post`)."""

    words: str
    url: str
    icon: str
    is_post: bool = False


def page(*, meeting: Meeting, user: User, now: datetime) -> dict[str, Any]:
    items = confidential.masked(meeting.items.select_related("department", "presenter_user").in_order(), user)
    participants = list(
        meeting.participants.select_related("user", "department")
        .prefetch_related("user__memberships")
        .order_by("user__name_sort", "pk")
    )
    departments = list(
        meeting.departments.select_related("department").order_by("department__position", "pk")
    )
    board = prereads.board(meeting, user, now)
    clashes = agenda_checks.clashes(meeting, participants, user) if meeting.is_planned else None
    checks = {
        check.code: check
        for check in readiness.checklist(
            meeting=meeting,
            board=board,
            items=items,
            participants=participants,
            departments=departments,
            clashes=clashes,
        )
    }
    ready = blockers.ready(meeting)
    tiles = [
        *_prereads(meeting, board, checks),
        *_settling(meeting, ready),
        _agenda(checks),
        _replies(meeting, participants, checks),
        *_departments(checks),
        _conflicts(meeting, checks),
        *_figures(meeting, checks),
        _place(meeting),
        *_mail(meeting, user, now),
    ]
    open_tiles = [tile for tile in tiles if tile.state == OPEN]
    return {
        "meeting": meeting,
        "tiles": [*open_tiles, *(tile for tile in tiles if tile.state != OPEN)],
        "open_count": len(open_tiles),
        "is_due": meeting.starts_at <= now,
        "ready": ready,
        "step": _step(meeting, user, ready, board, open_tiles, now),
        "can_plan": rules.can_plan(user, meeting),
    }


# --- tiles --------------------------------------------------------------------------------------------------
def _prereads(meeting: Meeting, board: prereads.Board, checks: dict[str, Check]) -> Iterator[Tile]:
    if not board.total:
        return
    missing = [row for row in board.rows if row.is_owed]
    certified = sum(row.preread.status == "certified" for row in board.rows)
    words = checks["prereads"].words
    if board.submitted:
        words += " · " + ngettext("%(n)d certified", "%(n)d certified", certified) % {"n": certified}
    yield Tile(
        code="prereads",
        title=_("Pre-reads"),
        icon="file-text",
        state=OPEN if missing else OK,
        words=words,
        missing=missing,
        url=f"{meeting.get_absolute_url()}#prereads",
        link=_("All pre-reads"),
    )


def _settling(meeting: Meeting, ready: blockers.Ready) -> Iterator[Tile]:
    """Differences and causes, of meetings that look at figures."""
    if not meeting.prereads.exists():
        return
    texts = {
        "difference": (
            _("Differing figures"),
            "scale",
            _("No difference is open"),
            lambda n: ngettext("%(n)d difference is not settled", "%(n)d differences are not settled", n),
        ),
        "cause": (
            _("Causes of large moves"),
            "trending-up",
            _("Every large move has its cause"),
            lambda n: ngettext("%(n)d large move has no cause", "%(n)d large moves have no cause", n),
        ),
    }
    for code, (title, icon, fine, words_for) in texts.items():
        found = [one for one in ready.blockers if one.code == code]
        is_difference = code == "difference"
        yield Tile(
            code=f"{code}s",
            title=title,
            icon=icon,
            state=OPEN if found else OK,
            words=words_for(len(found)) % {"n": len(found)} if found else fine,
            lines=[one.words for one in found[:MOST_LINES]],
            url=reverse("meetings:figures", args=[meeting.pk])
            if is_difference
            else found[0].url
            if found
            else "",
            link=_("To the figures") if is_difference else _("Open the pre-read"),
        )


def _agenda(checks: dict[str, Check]) -> Tile:
    """Its sum, items without minutes, presenters who do not come."""
    found = [checks[code] for code in ("agenda", "minutes", "presenters") if code in checks]
    return Tile(
        code="agenda",
        title=_("Agenda"),
        icon="list-details",
        state=OK if all(check.is_ok for check in found) else OPEN,
        words=checks["agenda"].words,
        lines=[check.words for check in found[1:]],
        url=checks["agenda"].url,
        link=_("Change the agenda"),
    )


def _replies(meeting: Meeting, participants: Sequence[Participant], checks: dict[str, Check]) -> Tile:
    asked = [
        row for row in participants if row.role not in (Participant.Role.OPTIONAL, Participant.Role.HOST)
    ]
    silent = [row.user.name for row in asked if row.reply == Participant.Reply.NONE]
    unsure = [row.user.name for row in asked if row.reply == Participant.Reply.TENTATIVE]
    lines = []
    if silent:
        lines.append(_("No reply yet: %(names)s") % {"names": _names(silent)})
    if unsure:
        lines.append(_("Perhaps: %(names)s") % {"names": _names(unsure)})
    return Tile(
        code="replies",
        title=_("Replies"),
        icon="users",
        state=OK if checks["replies"].is_ok else OPEN,
        words=checks["replies"].words,
        lines=lines,
        url=f"{meeting.get_absolute_url()}#participants",
        link=_("See the replies"),
    )


def _names(names: Sequence[str]) -> str:
    """Eight names; how many more."""
    shown = pgettext("between names", ", ").join(names[:8])
    more = len(names) - 8
    return _("%(names)s and %(n)d more") % {"names": shown, "n": more} if more > 0 else shown


def _departments(checks: dict[str, Check]) -> Iterator[Tile]:
    if check := checks.get("departments"):
        yield Tile(
            code="departments",
            title=_("Required departments"),
            icon="sitemap",
            state=OK if check.is_ok else OPEN,
            words=check.words,
        )


def _conflicts(meeting: Meeting, checks: dict[str, Check]) -> Tile:
    check = checks.get("clashes")
    return Tile(
        code="conflicts",
        title=_("Conflicts"),
        icon="calendar-event",
        state=OPEN if check else OK,
        words=check.words if check else _("Nobody is in two meetings at once, and the place is free"),
        url=check.url if check else "",
        link=check.link if check else "",
    )


def _figures(meeting: Meeting, checks: dict[str, Check]) -> Iterator[Tile]:
    """Whether the reports of the period are in, shop by shop."""
    if not (check := checks.get("figures")) or not meeting.period:
        return
    coverage = list(_coverage(meeting.period))
    words = check.words
    # What the period is judged by can be complete while another report of it is not there yet.
    if lacking := sum(count for _words, count in coverage):
        words += " · " + ngettext("%(n)d report is missing", "%(n)d reports are missing", lacking) % {
            "n": lacking
        }
    yield Tile(
        code="figures",
        title=_("Figures of the period"),
        icon="chart-bar",
        state=OK if check.is_ok else OPEN,
        words=words,
        lines=[words for words, _lacking in coverage][:MOST_LINES],
        url=check.url,
        link=check.link,
    )


def _coverage(period: Period) -> Iterator[tuple[str, int]]:
    """For each shop, in words and as the number that is lacking: the reports with a file for the period, of those
    it ever had."""
    for entry in uploads.coverage(Shop.objects.active().in_order()):
        kinds = [report for report in entry.reports if any(month.upload for month in report.months)]
        if not kinds:
            continue
        lacking = [report.name for report in kinds if not _covers(report, period)]
        words = _("%(shop)s: %(done)d of %(total)d reports in") % {
            "shop": entry.shop.name,
            "done": len(kinds) - len(lacking),
            "total": len(kinds),
        }
        if lacking:
            words += _(", missing: %(names)s") % {"names": _names(lacking)}
        yield words, len(lacking)


def _covers(report: uploads.Report, period: Period) -> bool:
    """Every month that the period touches has a file."""
    months = set(period.split("month"))
    return months <= {month.period for month in report.months if month.upload}


def _place(meeting: Meeting) -> Tile:
    where = [part for part in (meeting.location, meeting.online_url) if part]
    return Tile(
        code="place",
        title=_("Place and link"),
        icon="map-pin",
        state=OK if where else OPEN,
        words=" · ".join(where) if where else _("Neither a place nor a link to join is given"),
        url="" if where else reverse("meetings:edit", args=[meeting.pk]) + "#plan-when",
        link=_("Give a place"),
    )


def _mail(meeting: Meeting, user: User, now: datetime) -> Iterator[Tile]:
    """The invitation's follower: when agenda and pack go out, or to how many they went."""
    if not meeting.template.agenda_lead_hours:
        return
    standing = packs.standing(meeting, user)
    lines = []
    if standing.making:
        lines.append(_("The pack is being made: %(step)s") % {"step": packs.step_words(standing.making)})
    elif standing.done:
        pages = standing.done.pages or 0
        made = ngettext("The pack is made: %(n)d page", "The pack is made: %(n)d pages", pages) % {"n": pages}
        changed = _("the meeting has changed since")
        lines.append(made if standing.is_fresh else f"{made} · {changed}")
    else:
        lines.append(_("The pack is made shortly before the mail goes out"))
    state, words = _mail_state(meeting, user, now)
    yield Tile(
        code="mail",
        title=_("Agenda mail and pack"),
        icon="mail",
        state=state,
        words=words,
        lines=lines,
        url=f"{meeting.get_absolute_url()}#pack",
        link=_("To the pack"),
    )


def _mail_state(meeting: Meeting, user: User, now: datetime) -> tuple[str, str]:
    if meeting.status == Meeting.Status.DRAFT:
        return PLAIN, _("The agenda mail goes out %(n)d h before the start, once the meeting is sent") % {
            "n": meeting.template.agenda_lead_hours
        }
    rows = Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(Meeting),
        subject_id=meeting.pk,
        kind=agenda_mail.AGENDA,
    )
    states = list(rows.values_list("state", "send_at"))
    waiting = [send_at for state, send_at in states if state in (Notice.State.PENDING, Notice.State.SENDING)]
    sent = sum(state == Notice.State.SENT for state, _send_at in states)
    failed = sum(state in (Notice.State.BOUNCED, Notice.State.UNCERTAIN) for state, _send_at in states)
    if failed:
        return OPEN, ngettext(
            "The agenda mail did not surely reach %(n)d person",
            "The agenda mail did not surely reach %(n)d people",
            failed,
        ) % {"n": failed}
    if waiting and not sent:
        first = min(waiting)
        words = _("The agenda mail goes out %(time)s, %(left)s, to %(n)d people")
        return OK, words % {
            "time": moment_words(first, user, with_zone=False),
            "left": relative_words(first, now),
            "n": len(waiting),
        }
    if sent:
        words = ngettext("The agenda mail went to %(n)d person", "The agenda mail went to %(n)d people", sent)
        more = _("%(n)d more will get it") % {"n": len(waiting)} if waiting else ""
        return OK, " · ".join(part for part in (words % {"n": sent}, more) if part)
    return PLAIN, _("No agenda mail is waiting")


# --- the next step --------------------------------------------------------------------------------------------
def _step(
    meeting: Meeting,
    user: User,
    ready: blockers.Ready,
    board: prereads.Board,
    open_tiles: Sequence[Tile],
    now: datetime,
) -> Step:
    if meeting.status == Meeting.Status.DRAFT:
        return Step(words=_("Check and send"), url=reverse("meetings:check", args=[meeting.pk]), icon="send")
    if meeting.status == Meeting.Status.IN_PROGRESS or rules.is_time_to_start(meeting, now):
        return Step(
            words=_("Meeting room"), url=reverse("meetings:live", args=[meeting.pk]), icon="player-play"
        )
    if rules.can_settle(user) and any(tile.code == "differences" for tile in open_tiles):
        return Step(
            words=_("Settle the figures"), url=reverse("meetings:figures", args=[meeting.pk]), icon="scale"
        )
    if board.may_nudge:
        return Step(
            words=_("Remind all who are missing"),
            url=reverse("meetings:nudge", args=[meeting.pk]),
            icon="bell",
            is_post=True,
        )
    for tile in open_tiles:
        if tile.url and tile.code != "prereads":
            return Step(words=tile.link, url=tile.url, icon=tile.icon)
    if ready.mark is None and not ready.blockers:
        return Step(
            words=_("Declare it ready"),
            url=reverse("meetings:declare_ready", args=[meeting.pk]),
            icon="circle-check",
            is_post=True,
        )
    return Step(
        words=_("Meeting room"), url=reverse("meetings:live", args=[meeting.pk]), icon="device-desktop"
    )
