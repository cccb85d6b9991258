"""What paper needs: `{% load packs %}`. Words and signs instead of icons, which stand in a file of their own."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.figures import NO_FIGURE, as_decimal, plain
from meetings.models import Attachment
from meetings.packs import pdf

register = template.Library()


@register.filter
def paper_change(fraction: Any, metric: Any = None) -> SafeString | str:
    """A growth with sign and arrow, coloured by whether up is good for the metric: ▲ +4.2%."""
    number = as_decimal(fraction)
    if number is None:
        return NO_FIGURE
    text = plain(number * 100, 1)
    if not text.strip("0."):
        return f"{text}%"
    is_up = number > 0
    direction = getattr(metric, "direction", "")
    tone = "" if direction not in ("up", "down") else "good" if is_up == (direction == "up") else "bad"
    return format_html(
        '<span class="move {}">{} {}{}%</span>', tone, "▲" if is_up else "▼", "+" if is_up else "", text
    )


@register.simple_tag
def picture_address(file: Attachment, *, on_paper: bool) -> str:
    """Where a picture comes from: handed to the PDF's maker as bytes, or by the page that checks who asks."""
    return f"{pdf.PICTURE}{file.pk}" if on_paper else file.get_absolute_url()


@register.simple_tag
def stylesheet(name: str) -> str:
    """The address of one of our style sheets for the PDF's maker."""
    return f"{pdf.STATIC}css/{name}"
