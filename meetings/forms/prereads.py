from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from meetings.models import RequiredDocument
from meetings.services.attachments import ACCEPT


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; the value is a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        files = data if isinstance(data, list | tuple) else [data]
        return [self._clean_one(file, initial) for file in files or [None]]

    def _clean_one(self, file: Any, initial: Any) -> UploadedFile:
        return super().clean(file, initial)


class AttachmentForm(forms.Form):
    document = forms.ModelChoiceField(
        label=_("Which document is it?"),
        queryset=RequiredDocument.objects.none(),
        required=False,
        empty_label=_("Something else"),
    )
    files = ManyFilesField(
        label=_("Files"),
        widget=ManyFilesInput(attrs={"multiple": True, "accept": ACCEPT}),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
    )

    def __init__(self, *args: Any, documents: list[RequiredDocument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        if documents:
            field.queryset = RequiredDocument.objects.filter(  # type: ignore[attr-defined]
                pk__in=[document.pk for document in documents]
            ).order_by("order", "pk")
        else:
            field.widget = forms.HiddenInput()
