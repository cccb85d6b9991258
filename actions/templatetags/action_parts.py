"""Parts of the pages of actions: `{% load action_parts %}`."""

import re
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actions.models import Action, Comment
from core.templatetags.times import day_words, duration_words
from core.templatetags.ui import badge, flag, icon

register = template.Library()

Status = Action.Status
# Status → tone and icon; the same everywhere.
LOOKS: dict[str, tuple[str, str]] = {
    Status.TODO: ("secondary", "circle-dashed"),
    Status.DOING: ("blue", "progress"),
    Status.BLOCKED: ("orange", "hand-stop"),
    Status.SUBMITTED: ("purple", "clipboard-check"),
    Status.RETURNED: ("yellow", "arrow-back-up"),
    Status.ACCEPTED: ("green", "circle-check"),
    Status.CANCELLED: ("secondary", "ban"),
}


@register.simple_tag
def state(action: Action) -> SafeString:
    """How an action stands, as icon and word; a draft says that it is one."""
    if action.is_draft:
        return badge("draft", _("draft"), "secondary", "edit")
    return state_of(action.status)


@register.simple_tag
def state_of(status: str) -> SafeString:
    """A status as icon and word."""
    tone, picture = LOOKS[status]
    return badge(status, str(Status(status).label), tone, picture)


@register.simple_tag
def late_mark(action: Action) -> SafeString:
    """By how much it was handed in too late; the mark stays when everything is over. Nothing for what was in time."""
    return flag("late", duration_words(action.was_late)) if action.was_late else mark_safe("")


@register.simple_tag
def state_word(action: Action) -> str:
    """A status as a word, where an icon would be too much."""
    return _("draft") if action.is_draft else str(Status(action.status).label)


@register.simple_tag
def state_icon(action: Action) -> SafeString:
    """A status as an icon that says its name."""
    return icon("edit" if action.is_draft else LOOKS[action.status][1], state_word(action))


@register.simple_tag
def deadline(action: Action, now: datetime) -> SafeString:
    """A deadline in short: its day, how late it is, how often it was put off."""
    if action.due_at is None:
        return format_html("{}", _("no deadline"))
    local = timezone.localtime(action.due_at)
    day = format_html('<time datetime="{}">{}</time>', action.due_at.isoformat(), day_words(local, now.year))
    late_by = now - action.due_at if action.is_late(now) else action.was_late
    parts = [flag("late", duration_words(late_by)), day] if late_by else [day]
    if action.slips:
        parts.append(format_html('<span class="slips">{}</span>', slips_words(action)))
    return format_html_join(" ", "{}", ((part,) for part in parts))


@register.simple_tag
def spell_span(action: Action) -> str:
    """What a bar of the timeline says to those who do not see it."""
    begin = timezone.localtime(action.published_at or action.created_at)
    due = day_words(timezone.localtime(action.due_at)) if action.due_at else _("no deadline")
    return _("%(begin)s to %(due)s") % {"begin": day_words(begin), "due": due}


def slips_words(action: Action) -> str:
    return ngettext("postponed once", "postponed %(n)s times", action.slips) % {"n": action.slips}


@register.simple_tag
def comment_text(comment: Comment) -> SafeString:
    """What somebody said, with the names of those whom it tells marked. Have `mentions` prefetched."""
    names = sorted((escape(person.name) for person in comment.mentions.all()), key=len, reverse=True)
    text = escape(comment.text)
    if not names:
        return text
    found = re.compile("[@＠](?:" + "|".join(map(re.escape, names)) + ")")
    return mark_safe(found.sub(lambda match: f'<b class="mention">{match[0]}</b>', text))  # noqa: S308 - escaped above
