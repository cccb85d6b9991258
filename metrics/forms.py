from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.periods import Period
from metrics.intake.names import TAKEN, name_of
from metrics.intake.outcome import Stated
from metrics.intake.source import SUFFIXES
from metrics.models import Shop

MOST_FILES = 30


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, picked at once; cleaned to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        # An empty file is let through: the report says what is wrong with it, by name.
        return (
            [super(FilesField, self).clean(one, initial) for one in files] if files else super().clean(None)
        )


class PeriodField(forms.CharField):
    """A period as text, such as 2025-10; cleaned to a Period or None."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Period.parse(text)
        except ValueError:
            raise ValidationError(
                _("“%(text)s” is no period. Write 2025-10, or 2025-10-01..2025-10-31."), params={"text": text}
            ) from None


class StatedForm(forms.Form):
    """What a person says of a file by hand; what is left empty is found in the file itself."""

    kind = forms.ChoiceField(label=pgettext_lazy("a file", "Report"), required=False)
    shop = forms.ModelChoiceField(
        label=_("Shop"),
        queryset=Shop.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("as the file says"),
    )
    period = PeriodField(
        label=_("Period"),
        required=False,
        max_length=30,
        help_text=_("Such as 2025-10, or 2025-10-01..2025-10-31."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shop"].queryset = Shop.objects.active().in_order()  # type: ignore[attr-defined]
        # Names are chosen in the reader's language, hence here and not where the field is made.
        self.fields["kind"].choices = [
            ("", _("as the file says")),
            *((code, name_of(code)) for code in TAKEN),
        ]  # type: ignore[attr-defined]

    def stated(self) -> Stated:
        said = self.cleaned_data
        return Stated(
            kind=said["kind"], shop=said["shop"].code if said["shop"] else "", period=said["period"]
        )


class UploadForm(StatedForm):
    """Reports to hand in."""

    files = FilesField(
        label=_("Reports"),
        allow_empty_file=True,
        max_length=None,
        widget=FilesInput(attrs={"multiple": True, "accept": ",".join(SUFFIXES)}),
        error_messages={"required": _("Choose at least one file.")},
    )
    field_order = ("files", "kind", "shop", "period")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = _(
            "Transaction reports and monthly storage fees from Amazon, as .csv, .txt or .xlsx, up to %(limit)s each. "
            "Which report it is and for which month is found in the file."
        ) % {"limit": filesizeformat(settings.MAX_REPORT_BYTES)}

    def clean_files(self) -> list[Any]:
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise ValidationError(
                _("At most %(limit)s files at once; these are %(count)s."),
                params={"limit": MOST_FILES, "count": len(files)},
            )
        return files
