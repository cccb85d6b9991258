"""What people type; whether it is a promise is for `actions.vagueness` and the services."""

from actions.forms.action import FIELD_OF, LONGEST_CRITERION, ActionForm, CaptureForm
from actions.forms.criteria import CriterionForm, DropMeasureForm, MeasureForm
from actions.forms.fields import NOT_HERE, DateInput, DeadlineFields, PersonField, TimeInput
from actions.forms.help import AnswerForm, BlockForm
from actions.forms.split import MergeForm, PortionForm, SplitForm
from actions.forms.step import (
    ApproveForm,
    NothingForm,
    ReasonForm,
    RefuseForm,
    ReturnForm,
    VerbForm,
    WordsForm,
)
from actions.forms.talk import AttachForm, CommentForm, EditCommentForm, ThatCommentForm, ThatFileForm
from actions.forms.terms import (
    AcceptorForm,
    AskDeadlineForm,
    DeadlineForm,
    GrantForm,
    KeepDeadlineForm,
    OwnerForm,
    RequestForm,
)
from actions.forms.work import EvidenceForm, MilestoneForm, ReachForm, ReportForm

__all__ = [
    "FIELD_OF",
    "LONGEST_CRITERION",
    "NOT_HERE",
    "AcceptorForm",
    "ActionForm",
    "AnswerForm",
    "ApproveForm",
    "AskDeadlineForm",
    "AttachForm",
    "BlockForm",
    "CaptureForm",
    "CommentForm",
    "CriterionForm",
    "DateInput",
    "DeadlineFields",
    "DeadlineForm",
    "DropMeasureForm",
    "EditCommentForm",
    "EvidenceForm",
    "GrantForm",
    "KeepDeadlineForm",
    "MeasureForm",
    "MergeForm",
    "MilestoneForm",
    "NothingForm",
    "OwnerForm",
    "PersonField",
    "PortionForm",
    "ReachForm",
    "ReasonForm",
    "RefuseForm",
    "ReportForm",
    "RequestForm",
    "ReturnForm",
    "SplitForm",
    "ThatCommentForm",
    "ThatFileForm",
    "TimeInput",
    "VerbForm",
    "WordsForm",
]
