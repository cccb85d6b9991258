"""Words for js/blocks.js: `{% load blocks %}{% block_words as words %}`."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def block_words() -> dict[str, str]:
    return {
        "conflict": _(
            "%s saved this text in the meantime. Nothing was overwritten: below is the stored text, above is yours."
        ),
        "recovered": _(
            "This browser had kept words that did not reach the server (%s). They are put back where they belong."
        ),
        "recovered_here": _(
            "This browser had kept the words above, which did not reach the server. Below is what is stored: choose."
        ),
        "recovered_newer": _(
            "This browser had kept the words above, which did not reach the server. Since then others were saved, "
            "see below: choose."
        ),
        "login": _(
            "Your login has expired. Log in again in another tab; your text stays here and is sent then."
        ),
    }
