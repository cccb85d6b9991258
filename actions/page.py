"""What the page of one action shows to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions import forms, rules, services
from actions.approval import Chain
from actions.models import Action, Blocker, Criterion, DeadlineRequest, Evidence, Progress
from actions.queries import measured
from actions.relatives import relatives_of
from actions.vagueness import Finding
from actions.verbs import VERBS
from core.files import ACCEPT
from meetings.models import Meeting
from people.models import User

Status = Action.Status

# Which statuses a step makes sense in; the services refuse it in others.
OFFERED: dict[str, tuple[str, ...]] = {
    "start": (Status.TODO, Status.RETURNED),
    "report": (Status.TODO, Status.DOING, Status.RETURNED, Status.BLOCKED),
    "evidence": Action.OWED,
    "criterion": Action.OWED,
    "milestone": Action.OPEN,
    "reach": Action.OPEN,
    "submit": (Status.TODO, Status.DOING, Status.RETURNED),
    "take-back": (Status.SUBMITTED,),
    "accept": (Status.SUBMITTED,),
    "return": (Status.SUBMITTED,),
    "block": (Status.TODO, Status.DOING, Status.RETURNED),
    "answer": (Status.BLOCKED,),
    "offer": (Status.BLOCKED,),
    "lift": (Status.BLOCKED,),
    "cancel": Action.OPEN,
    "deadline": Action.OWED,
    "ask-deadline": Action.OWED,
    "grant-deadline": Action.OWED,
    "keep-deadline": Action.OWED,
    "take-back-request": Action.OWED,
    "owner": Action.OPEN,
    "acceptor": Action.OPEN,
    "measure": Action.OWED,
    "drop-measure": Action.OWED,
    "comment": tuple(Status),
    "edit-comment": tuple(Status),
    "remove-comment": tuple(Status),
    "attach": tuple(Status),
    "remove-file": tuple(Status),
}
# Either a request for another deadline waits, or one may be made.
ON_REQUESTS = {"grant-deadline", "keep-deadline", "take-back-request"}
TALK = ("comment", "edit-comment", "remove-comment", "attach", "remove-file")
ON_DRAFTS = ("publish", "discard", "milestone", "measure", "drop-measure", *TALK)
ON_PROPOSALS = ("approve", "refuse")


def context(*, action: Action, user: User, now: datetime, bound: dict[str, forms.VerbForm]) -> dict[str, Any]:
    """Everything the template needs. `bound`: forms that were sent and refused, by verb."""
    blocker = (
        action.blockers.filter(lifted_at=None)
        .select_related("by", "needs_person", "needs_department", "answered_by")
        .first()
    )
    chain = Chain.of([action])
    waits = chain.next_step(action)
    request = (
        action.deadline_requests.filter(state=DeadlineRequest.State.OPEN).select_related("asked_by").first()
    )
    steps = offered(action, user, blocker, chain) - (ON_REQUESTS if request is None else {"ask-deadline"})
    shown = criteria_of(action)
    general = [one for one in action.evidence.select_related("by").order_by("pk") if not one.criterion_id]
    log = list(action.progress.select_related("by").order_by("-at", "-pk"))
    is_shown = all(one.is_proven for one in shown) and not _waits_for_more(action, shown, general, log)
    return {
        "action": action,
        "now": now,
        "steps": steps,
        "next_step": next_step(action, user, steps, is_shown=is_shown),
        "forms": {
            verb.replace("-", "_"): bound.get(verb)
            or VERBS[verb].form(action=action, user=user, auto_id=f"{verb}_%s")
            for verb in steps
        },
        "refused": [form for form in bound.values() if form.errors],
        "refused_verb": next(iter(bound), ""),
        "criteria": shown,
        "unproven": sum(not one.is_proven for one in shown),
        "general_evidence": general,
        "milestones": list(action.milestones.order_by("due_at", "pk")),
        "changes": list(action.deadline_changes.select_related("by", "approved_by").order_by("pk")),
        "deadline_request": request,
        "refusals": list(
            action.deadline_requests.filter(state=DeadlineRequest.State.REFUSED)
            .select_related("asked_by", "answered_by")
            .order_by("pk")
        ),
        "log": log,
        "handed_in": next((one for one in log if one.is_move and one.status == Status.SUBMITTED), None),
        "kin": relatives_of(action, user),
        **talk_of(action, user),
        "blocker": blocker,
        "raised_in": _raised_in(blocker, user),
        "findings": services.check(action=action, now=now) if action.is_draft else [],
        "waits": waits,
        "may_edit": (action.is_draft or action.is_owed) and rules.can_edit(user, action),
        "is_owner": user.pk == action.owner_id,
    }


def _raised_in(blocker: Blocker | None, user: User) -> Meeting | None:
    """The meeting whose agenda took up what nobody answered, for whoever may see that meeting."""
    if blocker is None or blocker.raised_item_id is None:
        return None
    return Meeting.objects.visible_to(user).filter(items=blocker.raised_item_id).first()


@dataclass(frozen=True, slots=True)
class Shown:
    """A criterion as the page shows it: its words, what is shown for it, and what the figures say now."""

    criterion: Criterion
    words: str
    is_proven: bool
    reading: measured.Reading | None

    @property
    def target(self) -> str:
        return measured.amount_words(self.criterion, self.criterion.value)

    @property
    def now(self) -> str:
        return measured.amount_words(self.criterion, self.reading.value if self.reading else None)

    @property
    def judged(self) -> str:
        return measured.amount_words(self.criterion, self.criterion.judged_value)


def criteria_of(action: Action) -> list[Shown]:
    criteria = list(
        action.criteria.select_related("metric__current", "shop", "met_by")
        .prefetch_related("evidence__by")
        .order_by("position")
    )
    readings = measured.readings(criteria, with_course=True)
    return [
        Shown(one, measured.words(one), services.is_proven(one), readings.get(one.pk)) for one in criteria
    ]


def talk_of(action: Action, user: User) -> dict[str, Any]:
    """Comments, the newest last, and files; with what this person may do to them."""
    manages = rules.can_manage(user, action)
    comments = list(action.comments.select_related("by").prefetch_related("mentions").order_by("pk"))
    files = list(action.attachments.filter(removed_at=None).select_related("by").order_by("pk"))
    return {
        "comments": comments,
        "spoken": sum(one.removed_at is None for one in comments),
        "files": files,
        "manages": manages,
        "accept": ACCEPT,
    }


def offered(action: Action, user: User, blocker: Blocker | None, chain: Chain) -> set[str]:
    """The steps this person may take now."""
    if action.is_draft:
        steps = {verb for verb in ON_DRAFTS if VERBS[verb].may(user, action)}
        if chain.next_step(action) is not None:
            steps.discard("publish")
            if not action.sent_back_because and chain.may_approve(user, action):
                steps.update(ON_PROPOSALS)
        return steps
    steps = set()
    for verb, statuses in OFFERED.items():
        if action.status not in statuses:
            continue
        helps = verb in ("answer", "offer")
        may = rules.can_help(user, action, blocker) if helps else VERBS[verb].may(user, action)
        if may:
            steps.add(verb)
    return steps


def _waits_for_more(action: Action, shown: list[Shown], general: list[Evidence], log: list[Progress]) -> bool:
    """Whether it was returned and nothing was shown since: as it is, it was not enough."""
    if action.status != Status.RETURNED:
        return False
    returned_at = next(line.at for line in log if line.is_move and line.status == Status.RETURNED)
    evidence = [*general, *(one for criterion in shown for one in criterion.criterion.evidence.all())]
    return all(one.at <= returned_at for one in evidence)


def next_step(action: Action, user: User, steps: set[str], *, is_shown: bool) -> str:
    """The one prominent thing for whoever looks: a verb, or "" when it is somebody else's turn.

    is_shown: every criterion has its proof, as far as the owner can tell.
    """
    if action.is_draft:
        return next((verb for verb in ("approve", "publish") if verb in steps), "")
    for verb in ("accept", "answer", "lift"):
        if verb in steps:
            return verb
    if user.pk != action.owner_id:
        return ""
    if action.status in (Status.TODO, Status.RETURNED):
        return "submit" if is_shown else "start"
    if action.status == Status.DOING:
        return "submit" if is_shown else "report"
    return ""


def may_let_pass(user: User, meeting: Meeting | None, findings: Sequence[Finding], form: Any) -> bool:
    """Whether to offer “let it pass because”: something is too vague, and the person may decide that it is not."""
    is_wording = any(one.is_wording for one in findings) or bool(form["vague_reason"].value())
    return is_wording and rules.can_let_pass(user, meeting)
