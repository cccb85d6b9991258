"""A field for numbers as people type them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.amounts import LONGEST, parse, plain


class AmountField(forms.Field):
    """A number typed freely; the value is a Decimal or None. A share is typed in percent and kept as a fraction."""

    default_error_messages = {
        "number": _("“%(text)s” is no number. Write it like 1234.5."),
        "small": _("Write a number above zero."),
        "large": _("This number is too large."),
    }

    def __init__(
        self, *, above_zero: bool = False, is_share: bool = False, places: int = 2, **kwargs: Any
    ) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.above_zero, self.is_share, self.places = above_zero, is_share, places

    def to_python(self, value: Any) -> Any:
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        if len(text) > LONGEST:
            raise ValidationError(self.error_messages["large"], code="large")
        is_percent = text.rstrip().endswith(("%", "％"))
        try:
            number = parse(text.rstrip().rstrip("%％"))
        except ValueError as error:
            raise ValidationError(
                self.error_messages["number"], code="number", params={"text": text}
            ) from error
        if self.is_share:
            number /= 100
        elif is_percent:
            raise ValidationError(self.error_messages["number"], code="number", params={"text": text})
        number = number.quantize(Decimal(1).scaleb(-self.places)) if abs(number) < 10**14 else number
        if self.above_zero and number <= 0:
            raise ValidationError(self.error_messages["small"], code="small")
        if abs(number) >= 10**11:
            raise ValidationError(self.error_messages["large"], code="large")
        return number

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return plain(value * 100 if self.is_share else value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
