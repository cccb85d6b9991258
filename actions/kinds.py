"""The words of the notices about actions. Called with the recipient's language and time zone active."""

from collections.abc import Callable
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions import facts, ladder_kinds
from actions.models import Action, Milestone
from core.templatetags.times import moment_words
from meetings.models import Meeting
from notices import kinds
from notices.kinds import Category, Kind
from notices.models import Notice
from people.models import User

Status = Action.Status


def _readable_milestones(user: User, ids: set[int]) -> set[int]:
    """Of these milestones, those of actions that somebody may read."""
    rows = Milestone.objects.filter(pk__in=ids, action__in=Action.objects.visible_to(user))
    return set(rows.values_list("pk", flat=True))


def _action(notice: Notice) -> Action:
    return cast("Action", notice.subject)


def _when(notice: Notice) -> str:
    return moment_words(notice.due_at)


def _url(notice: Notice) -> str:
    return reverse("actions:detail", args=[notice.subject_id])


# --- still wanted? --------------------------------------------------------------------------------------------
def _milestone_ahead(notice: Notice) -> bool:
    milestone = cast("Milestone", notice.subject)
    action = milestone.action
    return (
        milestone.done_at is None
        and milestone.due_at == notice.due_at
        and action.is_owed
        and action.owner_id == notice.recipient_id
    )


def _is_theirs(notice: Notice) -> bool:
    return _action(notice).is_open and _action(notice).owner_id == notice.recipient_id


def _in_status(status: str) -> Callable[[Notice], bool]:
    return lambda notice: _action(notice).status == status


# --- words ----------------------------------------------------------------------------------------------------
def _with_facts(sentence: str, notice: Notice) -> str:
    return facts.after(sentence, _action(notice))


def _plan_actions(notice: Notice) -> list[Action]:
    ids = notice.params.get("actions", [])
    return list(
        Action.objects.filter(pk__in=ids)
        .prefetch_related("criteria")
        .select_related("acceptor")
        .by_deadline()
    )


def _plan_title(notice: Notice) -> str:
    number = len(notice.params.get("actions", []))
    return ngettext(
        "%(number)d action for you from “%(meeting)s”",
        "%(number)d actions for you from “%(meeting)s”",
        number,
    ) % {"number": number, "meeting": notice.subject}


def _plan_body(notice: Notice) -> str:
    opening = _("The action plan of “%(meeting)s” is published. These are yours:") % {
        "meeting": notice.subject
    }
    return "\n\n".join([opening, *(facts.of(action) for action in _plan_actions(notice))])


def _plan_details(notice: Notice) -> list[str]:
    return [
        _("%(title)s (due %(when)s)")
        % {"title": f"{action.reference} {action.title}", "when": moment_words(action.due_at)}
        if action.due_at
        else f"{action.reference} {action.title}"
        for action in _plan_actions(notice)
    ]


def _plan_url(notice: Notice) -> str:
    """The plan; for whoever was not at the meeting and may not read it, their own actions."""
    if Meeting.objects.visible_to(notice.recipient).filter(pk=notice.subject_id).exists():
        return reverse("actions:for_meeting", args=[notice.subject_id])
    return reverse("actions:list", query={"mine": "on"})


def _readable_plans(user: User, ids: set[int]) -> set[int]:
    """Of these meetings, those one may read or was given something to do by."""
    own = Action.objects.published().mine(user).filter(meeting__in=ids).values_list("meeting", flat=True)
    seen = Meeting.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
    return {*own, *seen}


def _plan_is_theirs(notice: Notice) -> bool:
    ids = notice.params.get("actions", [])
    return Action.objects.filter(pk__in=ids, owner=notice.recipient, status__in=Action.OPEN).exists()


def _verdict_body(sentence: str, notice: Notice) -> str:
    words = notice.params.get("text", "")
    return "\n\n".join(part for part in (sentence, words, facts.of(_action(notice))) if part)


def _moved_body(notice: Notice) -> str:
    change = (
        _action(notice)
        .deadline_changes.filter(pk=notice.params.get("change"))
        .select_related("by", "approved_by")
        .first()
    )
    if change is None:
        return facts.of(_action(notice))
    words = _("%(name)s moved the deadline from %(old)s to %(new)s: %(reason)s")
    if change.approved_by and change.approved_by_id != change.by_id:
        words = _("%(approver)s agreed to what %(name)s asked for: %(new)s instead of %(old)s. %(reason)s")
    sentence = words % {
        "name": change.by.name,
        "approver": change.approved_by.name if change.approved_by else "",
        "old": moment_words(change.old_due_at),
        "new": moment_words(change.new_due_at),
        "reason": change.reason,
    }
    return _with_facts(sentence, notice)


def _of_one_plan(notice: Notice) -> str:
    """What comes out of one meeting is one thing: one mail, not one for each action."""
    action = _action(notice)
    return f"meeting {action.meeting_id}" if action.meeting_id else ""


ALL = (
    *ladder_kinds.ALL,
    Kind(
        code="actions.milestone_soon",
        category=Category.REMINDERS,
        label=gettext_lazy("Milestone ahead"),
        icon="flag",
        is_wanted=_milestone_ahead,
        title=lambda notice: (
            _("Milestone due %(when)s: %(title)s") % {"when": _when(notice), "title": notice.subject}
        ),
        body=lambda notice: facts.of(cast("Milestone", notice.subject).action),
        url=lambda notice: cast("Milestone", notice.subject).get_absolute_url(),
        related=("action__acceptor",),
        may_read=_readable_milestones,
    ),
    Kind(
        code="actions.milestone_missed",
        category=Category.REMINDERS,
        label=gettext_lazy("Milestone missed"),
        icon="flag",
        is_wanted=_milestone_ahead,
        title=lambda notice: _("Milestone missed: %(title)s") % {"title": notice.subject},
        body=lambda notice: facts.of(cast("Milestone", notice.subject).action),
        url=lambda notice: cast("Milestone", notice.subject).get_absolute_url(),
        related=("action__acceptor",),
        may_read=_readable_milestones,
    ),
    Kind(
        code="actions.assigned",
        category=Category.ACTIONS,
        together=_of_one_plan,
        label=gettext_lazy("New action"),
        icon="checkbox",
        is_wanted=_is_theirs,
        title=lambda notice: _("An action for you: %(title)s") % {"title": notice.subject},
        body=lambda notice: facts.of(_action(notice)),
        url=_url,
        related=("acceptor",),
    ),
    Kind(
        code="actions.handed_over",
        category=Category.ACTIONS,
        is_news=True,
        label=gettext_lazy("Action handed over"),
        icon="share",
        title=lambda notice: _("No longer yours: %(title)s") % {"title": notice.subject},
        closed_title=lambda notice: (
            _("No longer yours: %(title)s") % notice.params if "title" in notice.params else ""
        ),
        body=lambda notice: _with_facts(
            _("%(name)s has taken it over.") % {"name": _action(notice).owner}, notice
        ),
        url=_url,
        related=("owner", "acceptor"),
    ),
    Kind(
        code="actions.plan",
        category=Category.ACTIONS,
        together=lambda notice: f"meeting {notice.subject_id}",
        label=gettext_lazy("Action plan"),
        icon="list-check",
        is_wanted=_plan_is_theirs,
        title=_plan_title,
        body=_plan_body,
        details=_plan_details,
        url=_plan_url,
        may_read=_readable_plans,
    ),
    Kind(
        code="actions.to_check",
        category=Category.ACTIONS,
        together=_of_one_plan,
        label=gettext_lazy("Proposal to check"),
        icon="user-check",
        is_wanted=lambda notice: _action(notice).is_draft and _action(notice).checked_at is None,
        title=lambda notice: _("To check: %(title)s") % {"title": notice.subject},
        body=lambda notice: _with_facts(
            _("It is proposed for your department. Check it, or send it back with the reason."), notice
        ),
        url=_url,
        related=("acceptor",),
    ),
    Kind(
        code="actions.to_confirm",
        category=Category.ACTIONS,
        together=_of_one_plan,
        label=gettext_lazy("Proposal to confirm"),
        icon="user-check",
        is_wanted=lambda notice: _action(notice).is_draft and _action(notice).confirmed_at is None,
        title=lambda notice: _("To confirm: %(title)s") % {"title": notice.subject},
        body=lambda notice: _with_facts(
            _("It waits for your confirmation and is published with it."), notice
        ),
        url=_url,
        related=("acceptor",),
    ),
    Kind(
        code="actions.refused",
        category=Category.ACTIONS,
        label=gettext_lazy("Proposal sent back"),
        icon="arrow-back-up",
        is_wanted=lambda notice: (
            _action(notice).is_draft and _action(notice).sent_back_because == notice.params.get("text")
        ),
        title=lambda notice: _("Sent back: %(title)s") % {"title": notice.subject},
        body=lambda notice: _verdict_body(
            _("%(name)s wants it changed first:") % {"name": notice.params.get("name", "")}, notice
        ),
        url=_url,
        related=("acceptor",),
    ),
    Kind(
        code="actions.submitted",
        category=Category.ACTIONS,
        label=gettext_lazy("Waits for your acceptance"),
        icon="clipboard-check",
        is_wanted=_in_status(Status.SUBMITTED),
        title=lambda notice: (
            _("%(name)s has handed in: %(title)s") % {"name": _action(notice).owner, "title": notice.subject}
        ),
        body=lambda notice: _with_facts(
            _("Look at the evidence, then accept it or return it with the reason."), notice
        ),
        url=_url,
        related=("owner", "acceptor"),
    ),
    Kind(
        code="actions.returned",
        category=Category.ACTIONS,
        label=gettext_lazy("Action returned"),
        icon="arrow-back-up",
        is_wanted=_in_status(Status.RETURNED),
        title=lambda notice: _("Returned: %(title)s") % {"title": notice.subject},
        body=lambda notice: _verdict_body(_("Something is still missing:"), notice),
        url=_url,
        related=("acceptor",),
    ),
    Kind(
        code="actions.accepted",
        category=Category.ACTIONS,
        is_news=True,
        label=gettext_lazy("Action accepted"),
        icon="circle-check",
        is_wanted=_in_status(Status.ACCEPTED),
        title=lambda notice: _("Accepted: %(title)s") % {"title": notice.subject},
        body=lambda notice: _verdict_body(
            _("%(name)s has accepted it.") % {"name": _action(notice).accepted_by}, notice
        ),
        url=_url,
        related=("accepted_by", "acceptor"),
    ),
    Kind(
        code="actions.cancelled",
        category=Category.ACTIONS,
        is_news=True,
        label=gettext_lazy("Action cancelled"),
        icon="ban",
        is_wanted=_in_status(Status.CANCELLED),
        title=lambda notice: _("Cancelled: %(title)s") % {"title": notice.subject},
        body=lambda notice: _with_facts(_action(notice).cancel_reason, notice),
        url=_url,
        related=("acceptor",),
    ),
    Kind(
        code="actions.moved",
        category=Category.ACTIONS,
        is_news=True,
        label=gettext_lazy("Deadline moved"),
        icon="calendar-time",
        is_wanted=lambda notice: _action(notice).is_open,
        title=lambda notice: _("New deadline: %(title)s") % {"title": notice.subject},
        body=_moved_body,
        url=_url,
        related=("acceptor",),
    ),
)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
