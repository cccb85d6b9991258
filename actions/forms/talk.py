"""Comments and files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actions.forms.step import VerbForm
from actions.models import Action, Attachment, Comment
from core import files
from people.models import User


def _words() -> forms.CharField:
    return forms.CharField(
        label=_("Comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "data-mentions": ""}),
        help_text=_("@ and a name, or its pinyin, tells that person."),
        error_messages={"required": _("Write something first.")},
    )


class CommentForm(VerbForm):
    text = _words()


class ThatCommentForm(VerbForm):
    """One of the comments that are there."""

    comment = forms.ModelChoiceField(
        queryset=Comment.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("This comment was taken away in the meantime.")},
    )

    def bound_to(self, action: Action, user: User) -> None:
        self.fields["comment"].queryset = action.comments.filter(removed_at=None)


class EditCommentForm(ThatCommentForm):
    text = _words()


class AttachForm(VerbForm):
    file = forms.FileField(
        label=_("File"),
        max_length=files.LONGEST_NAME,
        widget=forms.FileInput(attrs={"accept": files.ACCEPT}),
        error_messages={"required": _("Choose a file first.")},
    )


class ThatFileForm(VerbForm):
    attachment = forms.ModelChoiceField(
        queryset=Attachment.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("This file was taken off in the meantime.")},
    )

    def bound_to(self, action: Action, user: User) -> None:
        shown = action.attachments.filter(removed_at=None)
        self.fields["attachment"].queryset = shown.select_related(
            "action__meeting", "action__department", "by"
        )
