"""Small parts that every page uses: `{% load ui %}`.

{% icon "check" %}                       an icon of the sprite; decoration, so hidden from screen readers
{% person user %}                        round initials and the name
{% badge action.status action.get_status_display "green" %}   a state: icon and word, never colour alone
{% flag "late" %}                        one look for each exception, see FLAGS
{% progress 3 5 _("pre-reads in") %}     a bar with its words
{% empty "list-check" _("No actions yet") _("…what belongs here…") url _("Add the first") %}
{% topline "yellow" %}2 for today, <b>1 late</b>{% endtopline %}   the answer of the page
"""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

register = template.Library()

THEMES = ("light", "dark", "system")

# Where the navigation leads: path, words, icon, key after `g`. Only what the site answers is shown.
NAVIGATION = (
    ("", _("My work"), "home", "w"),
    ("meetings/", _("Meetings"), "calendar-event", "m"),
    ("metrics/", pgettext_lazy("navigation", "Figures"), "chart-bar", "f"),
    ("actions/", _("Actions"), "checkbox", "a"),
    ("problems/", _("Problems"), "alert-triangle", "p"),
)

# Exceptions: code → icon, tone, word. The same everywhere.
FLAGS: dict[str, tuple[str, str, Any]] = {
    # "unusual" is the verdict of a figure's own past; "moved" only says that a change is larger than tolerated.
    "unusual": ("chart-dots", "purple", _("unusual")),
    "moved": ("flag-3", "orange", pgettext_lazy("of a figure", "large move")),
    "threshold": ("alert-triangle", "orange", _("over threshold")),
    "target": ("target-arrow", "yellow", _("misses target")),
    "incomplete": ("database", "azure", _("data incomplete")),
    "late": ("clock", "red", _("late")),
    "provisional": ("hourglass", "secondary", _("provisional")),
    "disputed": ("scale", "purple", _("disputed")),
    "blocked": ("hand-stop", "orange", _("blocked")),
}

# A state's tone → its icon, when the page names none.
TONE_ICONS = {
    "green": "circle-check",
    "red": "alert-circle",
    "orange": "alert-triangle",
    "yellow": "clock",
    "blue": "progress",
    "azure": "info-circle",
    "purple": "point",
    "secondary": "circle-dashed",
}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon by its Tabler name (the list is vendor/icons.json).

    Give `label` only when the icon stands alone: it becomes its accessible name. `size`: "sm" or "lg".
    """
    classes = f"icon icon-{size}" if size else "icon"
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href)


def initials(name: str) -> str:
    """Two signs for a person: the last two of a Chinese name, else the first letters of first and last word."""
    name = name.strip()
    if not name:
        return "?"
    if any("\u4e00" <= sign <= "\u9fff" for sign in name):
        return name.replace(" ", "")[-2:]
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def person(user: Any, size: str = "sm", *, name: bool = True) -> SafeString:
    """A person: round initials and the name; `name=False` for a row of heads (the name is then its label)."""
    if user is None:
        return format_html('<span class="text-secondary">{}</span>', gettext("nobody"))
    tone = (user.pk or 0) % 8
    head = format_html(
        '<span class="avatar avatar-{} rounded-circle head head-{}" {}>{}</span>',
        size,
        tone,
        mark_safe('aria-hidden="true"')
        if name
        else format_html('role="img" aria-label="{0}" title="{0}"', user.name),
        initials(user.name),
    )
    if not name:
        return head
    return format_html(
        '<span class="person">{}<span class="person-name" dir="auto">{}</span></span>', head, user.name
    )


@register.simple_tag
def badge(code: Any, label: str, tone: str = "secondary", icon_name: str = "") -> SafeString:
    """A state as icon and word. `code` becomes `data-state` for tests and scripts; tones: see TONE_ICONS."""
    picture = icon(icon_name or TONE_ICONS.get(tone, "point"))
    return format_html(
        '<span class="badge state state-{}" data-state="{}">{}{}</span>', tone, code, picture, label
    )


@register.simple_tag
def flag(code: str, detail: str = "") -> SafeString:
    """An exception (see FLAGS); `detail` follows the word: `{% flag "late" "2 d" %}`."""
    picture, tone, word = FLAGS[code]
    text = format_html("{} {}", word, detail) if detail else word
    return format_html(
        '<span class="badge state state-{} flag" data-flag="{}">{}{}</span>', tone, code, icon(picture), text
    )


@register.inclusion_tag("components/progress.html")
def progress(value: float, maximum: float, words: str = "", tone: str = "") -> dict[str, Any]:
    """A bar with its numbers in words; the bar itself is named by them."""
    return {"value": value, "maximum": maximum or 1, "shown_maximum": maximum, "words": words, "tone": tone}


@register.inclusion_tag("components/empty.html")
def empty(icon_name: str, title: str, text: str = "", url: str = "", button: str = "") -> dict[str, str]:
    """What a page shows when it has nothing: what belongs here, and the way to the first one."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "button": button}


@register.simple_block_tag
def topline(content: str, tone: str = "") -> SafeString:
    """The answer to the page's question, in words and numbers; tone red, yellow, green or none."""
    picture = {"red": "alert-circle", "yellow": "clock", "green": "circle-check"}.get(tone, "info-circle")
    return format_html(
        '<p class="topline topline-{}">{}<span>{}</span></p>', tone or "plain", icon(picture), content
    )


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[dict[str, Any]]:
    """The entries that exist, with the one that is open marked."""
    request: HttpRequest | None = context.get("request")
    here = request.path if request else ""
    prefix = get_script_prefix()
    entries = []
    for path, label, icon_name, key in NAVIGATION:
        url = prefix + path
        try:
            resolve(url)
        except Resolver404:
            continue
        is_open = here == url if not path else here.startswith(url)
        entries.append({"url": url, "label": label, "icon": icon_name, "key": key, "is_open": is_open})
    return entries


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The colour scheme that this browser has chosen: light, dark or system."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("fupan_theme", "") if request else ""
    return chosen if chosen in THEMES else "system"


@register.simple_tag
def page_language() -> str:
    """The lang attribute: zh-Hans rather than Django's zh-hans."""
    code = get_language() or settings.LANGUAGE_CODE
    return "zh-Hans" if code.lower().startswith("zh") else code


@register.simple_tag
def shell_words() -> dict[str, str]:
    """What shell.js says when a request fails; it comes by json_script."""
    return {
        "offline": gettext(
            "No connection to the server. What you typed is still here; try again in a moment."
        ),
        "400": gettext("The server could not read this request. Reload the page and try again."),
        "403": gettext("You may not do this. Ask the host of the meeting or an administrator."),
        "404": gettext("This is not there any more. Reload the page to see what has changed."),
        "409": gettext("Someone else has just changed this. Reload the page to see their version."),
        "413": gettext("The file is too large."),
        "429": gettext("Too many requests at once. Wait a moment and try again."),
        "500": gettext(
            "Something went wrong on the server. Nothing was changed; try again, or tell an administrator."
        ),
        "saving": gettext("Saving …"),
        "saved": gettext("Saved"),
        "offline_saved": gettext("No connection – kept in this browser"),
        "not_saved": gettext("Not saved"),
        "unsaved": gettext("Changed, not saved yet"),
        "restored": gettext("A newer version from this browser was put back."),
    }
