"""The form of a chat robot or webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from notices.channels import rules
from notices.kinds import Category
from notices.models import Endpoint
from people.models import Department, User

ME, COMPANY, DEPARTMENT = "me", "company", "department-"


class EndpointForm(forms.Form):
    """Sets up an endpoint, or changes one: then whose it is and which channel it speaks stay as they are."""

    channel = forms.ChoiceField(label=_("Channel"), widget=forms.RadioSelect)
    whose = forms.ChoiceField(
        label=_("Whose is it?"),
        help_text=_(
            "Yours tells what you are told. A group's tells what its members are told, and never more than each of "
            "them may read."
        ),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("By which you know it again, such as the name of the group."),
    )
    address = forms.CharField(
        label=_("Address or key"),
        max_length=1000,
        help_text=_("As the chat program shows it. It is a secret: whoever has it can write there."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("Secret for the signature"),
        max_length=300,
        required=False,
        help_text=_(
            "Feishu and DingTalk show it under “signature”. A webhook without one gets a new one. WeCom's robots have "
            "none; an application needs its own."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )
    language = forms.ChoiceField(label=_("Language"), choices=User.Language.choices)
    categories = forms.MultipleChoiceField(
        label=_("What it tells"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Yours tells everything when nothing is chosen; for a group, choose."),
    )

    def __init__(self, *args: Any, user: User, endpoint: Endpoint | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.endpoint = endpoint
        self.departments: dict[str, Department] = {}
        if endpoint is not None:
            self._for_change(user, endpoint)
            return
        channels: list[tuple[str, Any]] = [
            (code, capfirst(label)) for code, label in Endpoint.Channel.choices if rules.can_use(user, code)
        ]
        self.departments = {f"{DEPARTMENT}{one.pk}": one for one in rules.departments_of(user)}
        owners = [(ME, _("mine")), *((key, one.name) for key, one in self.departments.items())]
        if user.has_role(User.Role.ADMIN):
            owners.append((COMPANY, _("the whole company's")))
        self._choices("channel", channels)
        self._choices("whose", owners)
        if len(owners) == 1:
            del self.fields["whose"]
        self.initial.setdefault("channel", Endpoint.Channel.WECOM)
        self.initial.setdefault("language", user.language)

    def _for_change(self, user: User, endpoint: Endpoint) -> None:
        del self.fields["channel"], self.fields["whose"]
        if not rules.can_use(user, endpoint.channel):
            del self.fields["address"], self.fields["secret"]
        else:
            self.fields["address"].required = False
            kept = _("It is not shown again. Leave it empty to keep it.")
            self.fields["address"].help_text = self.fields["secret"].help_text = kept
        self.initial |= {
            "name": endpoint.name,
            "language": endpoint.language,
            "categories": endpoint.categories,
        }

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_group = cleaned.get("whose", ME) != ME
        if self.endpoint is not None:
            is_group = self.endpoint.person_id is None
        if is_group and "categories" in cleaned and not cleaned["categories"]:
            self.add_error(
                "categories", _("Choose what the group is told; everything would be too much for it.")
            )
        if self.errors and cleaned.get("secret"):
            self.add_error(
                "secret", _("Type the secret once more; it is not kept in a form that was refused.")
            )
        return cleaned

    def owner(self, user: User) -> tuple[User | None, Department | None]:
        whose = self.cleaned_data.get("whose", ME)
        if whose == COMPANY:
            return None, None
        return (user, None) if whose == ME else (None, self.departments[whose])


class Step(TextChoices):
    """What can be done with an endpoint by one press."""

    TRY = "try", _("Send a trial message")
    ON = "on", _("Switch on")
    OFF = "off", _("Switch off")
    REMOVE = "remove", _("Remove")
