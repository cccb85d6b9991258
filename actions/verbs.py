"""The steps that the page of an action offers: for each its rule, its form, what it does, and what is said then.

A new step is one entry here and one form in the template.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions import forms, rules, services
from actions.errors import NOT_YOURS_TO_GIVE, NotPossible
from actions.models import Action, Blocker
from people.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """`run` gets the action, the cleaned form, the person and the time; it may raise NotPossible."""

    may: Callable[[User, Action], bool]
    run: Callable[[Action, Any, User, datetime], object]
    said: str | Promise
    form: type[forms.VerbForm] = forms.NothingForm
    leaves: bool = False


def _anybody(_user: User, _action: Action) -> bool:
    """Whoever may read the action; the view has seen to that."""
    return True


def _by(service: Callable[..., object], **fixed: Any) -> Callable[[Action, Any, User, datetime], object]:
    """The service on the action with the form's fields as they are called there."""

    def run(action: Action, form: forms.VerbForm, by: User, now: datetime) -> object:
        return service(action=action, by=by, now=now, **form.cleaned_data, **fixed)

    return run


def _milestone(action: Action, form: forms.MilestoneForm, by: User, now: datetime) -> object:
    deadline = form.deadline()
    assert deadline is not None  # the form asks for the day
    return services.add_milestone(
        action=action, title=form.cleaned_data["title"], due_at=deadline.at, by=by, now=now
    )


def _deadline(action: Action, form: forms.DeadlineForm, by: User, now: datetime) -> object:
    deadline = form.deadline()
    assert deadline is not None  # the form asks for the day
    return services.move_deadline(
        action=action, deadline=deadline, reason=form.cleaned_data["reason"], by=by, now=now
    )


def _ask_deadline(action: Action, form: forms.AskDeadlineForm, by: User, now: datetime) -> object:
    deadline = form.deadline()
    assert deadline is not None  # the form asks for the day
    return services.ask_deadline(
        action=action, deadline=deadline, reason=form.cleaned_data["reason"], by=by, now=now
    )


def _on_that(service: Callable[..., object]) -> Callable[[Action, Any, User, datetime], object]:
    """The service on what the form chose of the action: a request, a milestone, a comment."""

    def run(_action: Action, form: forms.VerbForm, by: User, now: datetime) -> object:
        return service(by=by, now=now, **form.cleaned_data)

    return run


def _hand_over(action: Action, form: forms.VerbForm, by: User, now: datetime) -> object:
    if not rules.may_give_to(by, form.cleaned_data["owner"], action.department, action.meeting):
        raise NotPossible(str(NOT_YOURS_TO_GIVE))
    return services.hand_over(action=action, by=by, now=now, **form.cleaned_data)


def _answer(action: Action, form: forms.VerbForm, by: User, now: datetime) -> object:
    return services.answer(blocker=_blocker(action), by=by, now=now, **form.cleaned_data)


def _offer(action: Action, form: forms.VerbForm, by: User, now: datetime) -> object:
    return services.offer(blocker=_blocker(action), by=by, now=now, **form.cleaned_data)


def _blocker(action: Action) -> Blocker:
    blocker = action.blockers.filter(lifted_at=None).first()
    if blocker is None:
        raise NotPossible(str(_("This action is not blocked.")))
    return blocker


def _discard(action: Action, _form: forms.VerbForm, by: User, now: datetime) -> object:
    return services.discard(action=action, by=by, now=now)


VERBS: dict[str, Verb] = {
    "start": Verb(may=rules.can_work, run=_by(services.start), said=_("Started.")),
    "report": Verb(
        may=rules.can_work,
        form=forms.ReportForm,
        run=_by(services.report),
        said=_("Your report is in the log."),
    ),
    "comment": Verb(may=_anybody, form=forms.CommentForm, run=_by(services.comment), said=""),
    "edit-comment": Verb(
        may=_anybody, form=forms.EditCommentForm, run=_on_that(services.edit_comment), said=""
    ),
    "remove-comment": Verb(
        may=_anybody,
        form=forms.ThatCommentForm,
        run=_on_that(services.remove_comment),
        said=_("The comment is gone."),
    ),
    "attach": Verb(
        may=_anybody, form=forms.AttachForm, run=_by(services.attach), said=_("The file is attached.")
    ),
    "remove-file": Verb(
        may=_anybody,
        form=forms.ThatFileForm,
        run=_on_that(services.remove_attachment),
        said=_("The file is taken off."),
    ),
    "measure": Verb(
        may=rules.can_measure,
        form=forms.MeasureForm,
        run=_by(services.add_measured),
        said=_("The figures will judge it."),
    ),
    "drop-measure": Verb(
        may=rules.can_measure,
        form=forms.DropMeasureForm,
        run=_on_that(services.drop_measured),
        said=_("The criterion is gone."),
    ),
    "evidence": Verb(
        may=rules.can_work, form=forms.EvidenceForm, run=_by(services.add_evidence), said=_("Evidence added.")
    ),
    "criterion": Verb(
        may=rules.can_work, form=forms.CriterionForm, run=_on_that(services.mark_criterion), said=""
    ),
    "milestone": Verb(
        may=rules.can_plan, form=forms.MilestoneForm, run=_milestone, said=_("Milestone added.")
    ),
    "reach": Verb(
        may=rules.can_plan,
        form=forms.ReachForm,
        run=_on_that(services.reach_milestone),
        said=_("Milestone reached."),
    ),
    "submit": Verb(
        may=rules.can_work,
        form=forms.WordsForm,
        run=_by(services.submit),
        said=_("Handed in. The acceptor has been told."),
    ),
    "take-back": Verb(may=rules.can_work, run=_by(services.take_back), said=_("Taken back.")),
    "accept": Verb(
        may=rules.can_judge,
        form=forms.WordsForm,
        run=_by(services.accept),
        said=_("Accepted. The owner has been told."),
    ),
    "return": Verb(
        may=rules.can_judge,
        form=forms.ReturnForm,
        run=_by(services.send_back),
        said=_("Returned. The owner has been told what is missing."),
    ),
    "block": Verb(
        may=rules.can_work,
        form=forms.BlockForm,
        run=_by(services.block),
        said=_("Marked as blocked. Whoever can help has been told."),
    ),
    "answer": Verb(
        may=rules.can_help,
        form=forms.AnswerForm,
        run=_answer,
        said=_("Your answer is with the owner."),
    ),
    "offer": Verb(
        may=rules.can_help,
        form=forms.WordsForm,
        run=_offer,
        said=_("The owner has been told that it is solved."),
    ),
    "lift": Verb(
        may=rules.can_lift, form=forms.WordsForm, run=_by(services.lift), said=_("The blocker is gone.")
    ),
    "cancel": Verb(
        may=rules.can_cancel, form=forms.ReasonForm, run=_by(services.cancel), said=_("Cancelled.")
    ),
    "deadline": Verb(
        may=rules.can_move_deadline,
        form=forms.DeadlineForm,
        run=_deadline,
        said=_("The deadline has moved; the old one stays on record."),
    ),
    "ask-deadline": Verb(
        may=rules.can_work,
        form=forms.AskDeadlineForm,
        run=_ask_deadline,
        said=_("Asked. The old deadline counts until there is an answer."),
    ),
    "grant-deadline": Verb(
        may=rules.can_move_deadline,
        form=forms.GrantForm,
        run=_on_that(services.grant_deadline),
        said=_("Agreed: the deadline has moved; the old one stays on record."),
    ),
    "keep-deadline": Verb(
        may=rules.can_move_deadline,
        form=forms.KeepDeadlineForm,
        run=_on_that(services.refuse_deadline),
        said=_("The deadline stays. Whoever asked has been told why."),
    ),
    "take-back-request": Verb(
        may=rules.can_work,
        form=forms.RequestForm,
        run=_on_that(services.withdraw_request),
        said=_("Taken back. The deadline stays."),
    ),
    "owner": Verb(may=rules.can_manage, form=forms.OwnerForm, run=_hand_over, said=_("Handed over.")),
    "acceptor": Verb(
        may=rules.can_manage,
        form=forms.AcceptorForm,
        run=_by(services.change_acceptor),
        said=_("The acceptor has changed."),
    ),
    "approve": Verb(
        may=rules.can_approve, form=forms.ApproveForm, run=_by(services.approve), said=_("Approved.")
    ),
    "refuse": Verb(
        may=rules.can_approve,
        form=forms.RefuseForm,
        run=_by(services.refuse),
        said=_("Sent back with your reason."),
    ),
    "publish": Verb(
        may=rules.can_edit, run=_by(services.publish), said=_("Published. The owner has been told.")
    ),
    "discard": Verb(may=rules.can_edit, run=_discard, said=_("The draft is gone."), leaves=True),
}
