"""Why a verb was refused; the texts are for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from actions.models import Action
    from actions.vagueness import Finding


NOT_YOURS_TO_GIVE = gettext_lazy(
    "You can give work to yourself and to people of departments you lead. Ask the host for others."
)


class NotPossible(Exception):
    """The record's state does not permit this step, or what was given does not fit it."""


class Incomplete(NotPossible):
    """Not a promise yet: `findings` say what is missing."""

    def __init__(self, findings: Sequence["Finding"]) -> None:
        super().__init__(" ".join(str(one.message) for one in findings))
        self.findings = list(findings)


class PlanIncomplete(NotPossible):
    """Some drafts of a plan are no promises yet: `gaps` pairs each with its findings."""

    def __init__(self, gaps: Sequence[tuple["Action", list["Finding"]]]) -> None:
        titles = "; ".join(action.title for action, _findings in gaps)
        super().__init__(
            _("The plan is not published: something is missing in %(titles)s.") % {"titles": titles}
        )
        self.gaps = list(gaps)
