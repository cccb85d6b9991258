"""Is this an action? What is missing before somebody can be held to it, said in words.

“Optimise the ads” is none: no product, no figure, no date. The rules look at what is left of a text when the words
that everybody uses for everything are taken away; they know no grammar. So they pass what they do not understand
(another language, a name, a code) and refuse only what consists of nothing but such words. The host may let refused
wording pass with a reason; an owner, a deadline and a criterion are never dispensed with.

A new word is a new entry in one of the lists of `actions.vague_words`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions import vague_words as words
from people.models import Department, User


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing or too vague. `field` is the form's; wording may be let pass with a reason."""

    code: str
    field: str
    message: str | Promise
    is_wording: bool = False


MESSAGES: dict[str, str | Promise] = {
    "title.missing": _("Say what is to be done."),
    "title.which": _(
        "This does not say what it is about. Name the product, shop, market, document or partner, "
        "for example “Cut the ACoS of the air fryer in Germany to 25 %”."
    ),
    "title.result": _(
        "“Better” cannot be accepted. Say how much, here or in a criterion: from which figure to which, "
        "or what is to be there at the end."
    ),
    "owner.missing": _("Name the one person who will do it."),
    "owner.left": _("The owner has left the company. Choose somebody who can still do it."),
    "department.missing": _("Say which department does it."),
    "acceptor.missing": _("Name the person who will accept it; not the owner."),
    "acceptor.owner": _("Somebody other than the owner must accept it."),
    "acceptor.left": _("The acceptor has left the company. Choose somebody else."),
    "due.missing": _("Say until when: a day, and a time if the end of the working day is not meant."),
    "due.past": _("This deadline has already passed. Choose one that lies ahead."),
    "criteria.missing": _("Say how one will see that it is done: at least one acceptance criterion."),
    "criteria.vague": _(
        "“%(text)s” cannot be checked. Give a figure, a document, or a state that is either so or not "
        "(“approved by finance”, “live in the DE shop”)."
    ),
    "approval.check": _("The head of the department has not checked it yet: %(names)s."),
    "approval.confirm": _("No executive has confirmed it yet: %(names)s."),
    "approval.sent_back": _("It was sent back: “%(reason)s” Change it, and it goes round again."),
}
WORDING = frozenset({"title.which", "title.result", "criteria.vague"})


def finding(code: str, **values: str) -> Finding:
    message = MESSAGES[code]
    return Finding(code, code.partition(".")[0], message % values if values else message, code in WORDING)


def find(
    *,
    title: str,
    criteria: Sequence[str],
    owner: User | None,
    acceptor: User | None,
    department: Department | None,
    due_at: datetime | None,
    now: datetime,
) -> list[Finding]:
    """Everything that stands between this and a promise, in the order of the form; empty when it is one."""
    found = [*_of_title(title, criteria)]
    found += _of_person("owner", owner)
    if department is None:
        found.append(finding("department.missing"))
    found += _of_person("acceptor", acceptor)
    if owner is not None and owner == acceptor:
        found.append(finding("acceptor.owner"))
    if due_at is None:
        found.append(finding("due.missing"))
    elif due_at <= now:
        found.append(finding("due.past"))
    if not any(text.strip() for text in criteria):
        found.append(finding("criteria.missing"))
    found += [
        finding("criteria.vague", text=text.strip())
        for text in criteria
        if text.strip() and not is_checkable(text)
    ]
    return found


def _of_person(field: str, person: User | None) -> list[Finding]:
    if person is None:
        return [finding(f"{field}.missing")]
    return [] if person.is_active else [finding(f"{field}.left")]


def _of_title(title: str, criteria: Sequence[str]) -> list[Finding]:
    if not title.strip():
        return [finding("title.missing")]
    found = [] if is_specific(title) else [finding("title.which")]
    if asks_for_change(title) and not any(is_measurable(text) for text in [title, *criteria]):
        found.append(finding("title.result"))
    return found


def is_specific(text: str) -> bool:
    """Whether anything is left that says which one: a name, a code, a figure, a rarer word."""
    return has_figure(text) or _remainder(text, words.TITLE_CJK, words.TITLE_LATIN)


def is_checkable(text: str) -> bool:
    """Whether two people would agree on it: a figure, a document, or words that are more than approval."""
    return is_measurable(text) or _remainder(text, words.CRITERION_CJK, words.CRITERION_LATIN)


def is_measurable(text: str) -> bool:
    """A figure, an amount in words (“all”, “no longer”), or something one can hold in one's hand."""
    return has_figure(text) or bool(words.AMOUNTS.search(text)) or bool(words.DOCUMENTS.search(text))


def asks_for_change(text: str) -> bool:
    """Whether it begins with a verb of more or less, so that it needs to say how much."""
    return bool(words.CHANGE.match(text.strip()))


def has_figure(text: str) -> bool:
    return bool(words.FIGURES.search(text))


# Letters of any script; the Chinese ones are looked at by sign, the Latin ones by word, others are let pass.
_CJK = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[^\W\d_]+", re.ASCII)
_OTHER = re.compile(r"[^\W\d_]")


def _remainder(text: str, cjk: re.Pattern[str], latin: frozenset[str]) -> bool:
    """Whether the text still says something when the everyday words are gone."""
    rest = cjk.sub(" ", text)
    if len(_CJK.findall(rest)) >= 2:
        return True
    rest = _CJK.sub(" ", rest)
    if any(_says_something(word, latin) for word in _LATIN.findall(rest)):
        return True
    return len(_OTHER.findall(_LATIN.sub(" ", rest))) >= 2


def _says_something(word: str, known: frozenset[str]) -> bool:
    if len(word) == 2 and word.isupper():  # US, DE, UK: a market
        return True
    small = word.lower()
    if len(small) < 3 or small in known:
        return False
    return not any(small.endswith(end) and small[: -len(end)] + stem in known for end, stem in words.ENDINGS)
