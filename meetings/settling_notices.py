"""The words of what people are told about figures that differ and pre-reads that were looked at."""

from collections.abc import Iterator
from typing import cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.figures import figure_words
from meetings.models import Meeting, PreRead, Review, Ruling, Statement
from meetings.queries import differences
from meetings.services.review import CERTIFIED, RETURNED
from meetings.services.settling import DIFFERENCE, RULED, find, wanted
from notices import kinds, planning
from notices.models import Notice
from notices.planning import Wanted
from people.models import User


def wanted_of_all() -> Iterator[Wanted]:
    """For the reconciler: differences may also come up by an import, without anybody stating anything."""
    now = timezone.now()
    meetings = Meeting.objects.filter(
        status=Meeting.Status.SCHEDULED, starts_at__gt=now, prereads__statements__isnull=False
    )
    for meeting in meetings.select_related("template").distinct():
        yield from wanted(differences.open_differences(meeting))


# --- a difference ---------------------------------------------------------------------------------------------
def _is_open(notice: Notice) -> bool:
    statement = cast("Statement", notice.subject)
    return (
        notice.recipient.has_role(User.Role.DATA_OWNER)
        and statement.preread.meeting.is_planned
        and str(statement.value) == notice.params.get("stated", str(statement.value))
        and any(
            one.statement.pk == statement.pk
            for one in differences.open_differences(statement.preread.meeting)
        )
    )


def _difference_words(statement: Statement) -> dict[str, str]:
    one = find(statement)
    return {
        "department": one.department.name,
        "metric": one.metric.name,
        "meeting": statement.preread.meeting.title,
        "stated": _amount(one.stated, one),
        "reported": _amount(one.reported, one),
        "source": statement.source,
        "rivals": ", ".join(
            f"{rival.preread.department.name} {_amount(rival.value, one)}" for rival in one.rivals
        ),
    }


def _amount(value: object, one: differences.Difference) -> str:
    return " ".join(part for part in (figure_words(value, one.metric), one.currency) if part)


def _difference_title(notice: Notice) -> str:
    return _("%(department)s states another figure: %(metric)s") % _difference_words(
        cast("Statement", notice.subject)
    )


def _difference_body(notice: Notice) -> str:
    words = _difference_words(cast("Statement", notice.subject))
    lines = [
        _("“%(meeting)s”: %(department)s states %(stated)s, the reports say %(reported)s.") % words,
        _("Source of the department: %(source)s") % words,
    ]
    if words["rivals"]:
        lines.append(_("Others state: %(rivals)s") % words)
    lines.append(_("Say which one counts, and why. Until then the meeting is not ready."))
    return "\n".join(lines)


def _figures_url(notice: Notice) -> str:
    statement = cast("Statement", notice.subject)
    return reverse("meetings:figures", args=[statement.preread.meeting_id]) + f"#statement-{statement.pk}"


# --- a ruling -------------------------------------------------------------------------------------------------
def _ruling_words(notice: Notice) -> dict[str, str]:
    ruling = cast("Ruling", notice.subject)
    one = find(ruling.statement)
    return {
        "metric": one.metric.name,
        "meeting": ruling.statement.preread.meeting.title,
        "by": ruling.ruled_by.name,
        "verdict": ruling.get_verdict_display(),
        "stated": _amount(ruling.stated_value, one),
        "reported": _amount(ruling.authoritative_value, one),
        "reason": ruling.reason,
    }


def _is_newest(notice: Notice) -> bool:
    ruling = cast("Ruling", notice.subject)
    return not ruling.statement.rulings.filter(pk__gt=ruling.pk).exists()


def _ruling_body(notice: Notice) -> str:
    words = _ruling_words(notice)
    return "\n".join(
        [
            _("“%(meeting)s”: you stated %(stated)s, the reports say %(reported)s.") % words,
            _("%(by)s ruled: %(verdict)s.") % words,
            _("Reason: %(reason)s") % words,
        ]
    )


def _preread_url(notice: Notice) -> str:
    subject = notice.subject
    preread = subject.statement.preread if isinstance(subject, Ruling) else cast("PreRead", subject)
    return preread.get_absolute_url()


# --- a pre-read that was looked at ----------------------------------------------------------------------------
def _review_words(notice: Notice) -> dict[str, str]:
    preread = cast("PreRead", notice.subject)
    review = (
        Review.objects.filter(pk=notice.params.get("review"), revision__preread=preread)
        .select_related("reviewed_by", "revision")
        .first()
    )
    return {
        "department": preread.department.name,
        "meeting": preread.meeting.title,
        "by": review.reviewed_by.name if review else "",
        "number": str(review.revision.number) if review else "",
        "comment": review.comment if review else "",
    }


def _stands(status: str, notice: Notice) -> bool:
    return cast("PreRead", notice.subject).status == status


def _returned_body(notice: Notice) -> str:
    words = _review_words(notice)
    return "\n\n".join(
        [
            _("%(by)s returned revision %(number)s of the pre-read for “%(meeting)s”:") % words,
            words["comment"],
            _("You can write again. Mend it and hand it in anew."),
        ]
    )


def _certified_body(notice: Notice) -> str:
    words = _review_words(notice)
    sentence = _("%(by)s certified revision %(number)s of the pre-read for “%(meeting)s”.") % words
    return "\n\n".join(part for part in (sentence, words["comment"]) if part)


def _readable_statements(user: User, ids: set[int]) -> set[int]:
    """Of these stated figures, those of pre-reads that somebody may open."""
    rows = Statement.objects.filter(pk__in=ids, preread__in=PreRead.objects.visible_to(user))
    return set(rows.values_list("pk", flat=True))


def _readable_rulings(user: User, ids: set[int]) -> set[int]:
    rows = Ruling.objects.filter(pk__in=ids, statement__preread__in=PreRead.objects.visible_to(user))
    return set(rows.values_list("pk", flat=True))


ALL = (
    kinds.Kind(
        code=DIFFERENCE,
        category=kinds.Category.PREREADS,
        may_read=_readable_statements,
        label=gettext_lazy("Figures differ"),
        icon="scale",
        related=("preread__meeting", "preread__department"),
        is_wanted=_is_open,
        title=_difference_title,
        body=_difference_body,
        url=_figures_url,
        button=gettext_lazy("Settle it"),
        bundle=False,
    ),
    kinds.Kind(
        code=RULED,
        category=kinds.Category.PREREADS,
        is_news=True,
        may_read=_readable_rulings,
        label=gettext_lazy("Figure settled"),
        icon="scale",
        related=("statement__preread__meeting", "statement__preread__department", "ruled_by"),
        is_wanted=_is_newest,
        title=lambda n: _("Settled: %(metric)s – %(verdict)s") % _ruling_words(n),
        body=_ruling_body,
        url=_preread_url,
        button=gettext_lazy("Open the pre-read"),
    ),
    kinds.Kind(
        code=RETURNED,
        category=kinds.Category.PREREADS,
        label=gettext_lazy("Pre-read returned"),
        icon="arrow-back-up",
        related=("meeting", "department"),
        is_wanted=lambda n: _stands(PreRead.Status.RETURNED, n),
        title=lambda n: _("Returned: pre-read of %(department)s") % _review_words(n),
        body=_returned_body,
        url=_preread_url,
        button=gettext_lazy("Mend the pre-read"),
        bundle=False,
    ),
    kinds.Kind(
        code=CERTIFIED,
        category=kinds.Category.PREREADS,
        is_news=True,
        label=gettext_lazy("Pre-read certified"),
        icon="shield-check",
        related=("meeting", "department"),
        is_wanted=lambda n: _stands(PreRead.Status.CERTIFIED, n),
        title=lambda n: _("Certified: pre-read of %(department)s") % _review_words(n),
        body=_certified_body,
        url=_preread_url,
        button=gettext_lazy("Open the pre-read"),
    ),
)


def register() -> None:
    """Called once, when the app is ready."""
    planning.register(wanted_of_all)
    for kind in ALL:
        kinds.register(kind)
