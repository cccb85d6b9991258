from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from actions.imports.reading import ENDINGS, MOST_BYTES, MOST_LINES


class ImportForm(forms.Form):
    """A list to look at."""

    file = forms.FileField(
        label=_("List"),
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "An Excel workbook or CSV that was exported here or made by hand, an Asana project or a Feishu table "
            "as CSV or Excel, a Trello board as JSON; up to %(lines)s lines and %(size)s."
        ) % {"lines": MOST_LINES, "size": filesizeformat(MOST_BYTES)}


class TakeOverForm(forms.Form):
    """What else must be said before a file is taken over."""

    reason = forms.CharField(
        label=_("Why do these deadlines move?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with each of them, and told to owner and acceptor."),
        error_messages={"required": _("Say why the deadlines move.")},
    )
    publish = forms.BooleanField(
        label=_("Publish new actions that are complete; their owners are told"), required=False, initial=True
    )

    def __init__(self, *args: Any, moves: bool, begins: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not moves:
            del self.fields["reason"]
        if not begins:
            del self.fields["publish"]
