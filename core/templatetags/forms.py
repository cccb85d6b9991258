"""Forms with Django's own fields: `{% load forms %}`.

    <form method="post" novalidate>
      {% csrf_token %}
      {% form_errors form %}          what is wrong, at the top, each line a link to its field
      {% field form.title %}          label, hint, error, control; `label=` and `css=` may be given
      {% fields form %}               all fields in order
      {% dropzone form.files %}       files by drag or by picking
    </form>

The control names its hint and its error by aria-describedby (Django does that), and what was typed stays.
"""

from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

register = template.Library()

# Widget → class of the control and kind of layout. The first that fits counts.
WIDGETS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.CheckboxSelectMultiple, "choices", "group"),
    (forms.RadioSelect, "choices", "group"),
    (forms.CheckboxInput, "form-check-input", "check"),
    (forms.SelectMultiple, "form-select", "control"),
    (forms.Select, "form-select", "control"),
    (forms.SelectDateWidget, "form-select", "group"),
    (forms.MultiWidget, "form-control", "group"),
    (forms.Widget, "form-control", "control"),
)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", css: str = "", *, optional: bool = True) -> dict[str, Any]:
    """One field of a form. `css` is added to the control's classes; `optional=False` leaves the word out."""
    widget_class, kind = next(
        (css, kind) for cls, css, kind in WIDGETS if isinstance(bound.field.widget, cls)
    )
    own = bound.field.widget.attrs.get("class", "")
    wrong = "is-invalid" if bound.errors else ""
    classes = " ".join(part for part in (own, widget_class, css, wrong) if part)
    return {
        "field": bound,
        "label": label or bound.label,
        "widget": bound.as_widget(attrs={"class": classes}),
        "kind": kind,
        "tag": "fieldset" if kind == "group" else "div",
        "optional": pgettext("a field that may stay empty", "(optional)") if optional else "",
    }


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """All fields of a form in their order."""
    engine = get_template("components/field.html")
    return format_html_join("", "{}", ((engine.render(field(bound)),) for bound in form))


@register.inclusion_tag("components/dropzone.html")
def dropzone(bound: BoundField, max_bytes: int = 0) -> dict[str, Any]:
    """A file field to drag files onto (js/dropzone.js); larger files than `max_bytes` are named and not sent."""
    return {
        "field": bound,
        "widget": bound.as_widget(attrs={"class": "form-control"}),
        "max_bytes": max_bytes,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The error summary; nothing when the form is right or was not sent yet."""
    wrong = [bound for bound in form if bound.errors] if form.is_bound else []
    general = list(form.non_field_errors()) if form.is_bound else []
    return {
        "general": general,
        "fields": wrong,
        "count": len(general) + sum(len(bound.errors) for bound in wrong),
        "prefix": f"{form.prefix}-" if form.prefix else "",
    }
