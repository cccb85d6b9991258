"""A view of the list that somebody keeps."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from actions.models import SavedView
from actions.tables import ActionTable

# Of a filter as it stands in an address.
LONGEST = 2000


class SavedViewForm(forms.ModelForm):
    """Its name and who sees it."""

    class Meta:
        model = SavedView
        fields = ("name", "is_shared", "is_default")
        labels = {"name": _("Name of the view"), "is_default": _("opens first for me")}
        error_messages = {"name": {"required": _("Give the view a name.")}}

    def _get_validation_exclusions(self) -> set[str]:
        # The owner is not in the form, but "a view of this name already" needs it. That another one opens first is no
        # mistake: it gives way.
        return (super()._get_validation_exclusions() - {"owner"}) | {"is_default"}


class WhatForm(forms.Form):
    """What a view shows, as the list's page sends it along; both are read anew when it is opened."""

    query = forms.CharField(required=False, max_length=LONGEST)
    columns = forms.CharField(required=False, max_length=400)

    def clean_query(self) -> str:
        try:
            kept = QueryDict(self.cleaned_data["query"], mutable=True)
        except (ValueError, OverflowError):
            return ""
        for name in ("page", "view", "columns"):
            kept.pop(name, None)
        query = kept.urlencode()
        if len(query) > LONGEST:  # signs beyond ASCII take more room there than where they were typed
            raise forms.ValidationError(_("This filter is too long to be kept. Search for fewer words."))
        return query

    def values(self) -> dict[str, Any]:
        """For the model: only what was sent."""
        found: dict[str, Any] = {}
        if "query" in self.data:
            found["query"] = self.cleaned_data["query"]
            layout = QueryDict(found["query"]).get("layout", "")
            found["layout"] = layout if layout in SavedView.Layout else SavedView.Layout.TABLE
        if self.cleaned_data["columns"]:
            found["columns"] = ActionTable.chosen(self.cleaned_data["columns"].split(","))
        return found
