"""What people type; whether it is a promise is for `actions.vagueness` and the services."""

from actions.forms.action import FIELD_OF, LONGEST_CRITERION, ActionForm, CaptureForm
from actions.forms.fields import NOT_HERE, DateInput, DeadlineFields, PersonField, TimeInput
from actions.forms.help import BlockForm
from actions.forms.step import (
    ApproveForm,
    NothingForm,
    ReasonForm,
    RefuseForm,
    ReturnForm,
    VerbForm,
    WordsForm,
)
from actions.forms.terms import AcceptorForm, DeadlineForm, OwnerForm
from actions.forms.work import CriterionForm, EvidenceForm, MilestoneForm, ReachForm, RemarkForm, ReportForm

__all__ = [
    "FIELD_OF",
    "LONGEST_CRITERION",
    "NOT_HERE",
    "AcceptorForm",
    "ActionForm",
    "ApproveForm",
    "BlockForm",
    "CaptureForm",
    "CriterionForm",
    "DateInput",
    "DeadlineFields",
    "DeadlineForm",
    "EvidenceForm",
    "MilestoneForm",
    "NothingForm",
    "OwnerForm",
    "PersonField",
    "ReachForm",
    "ReasonForm",
    "RefuseForm",
    "RemarkForm",
    "ReportForm",
    "ReturnForm",
    "TimeInput",
    "VerbForm",
    "WordsForm",
]
