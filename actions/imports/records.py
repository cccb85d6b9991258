"""One line of a file in plain form, the same whatever it came from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext


@dataclass(slots=True)
class Remark:
    """Something to say about a line: its cause as a code and the particulars, put into words when somebody reads it."""

    code: str
    params: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        try:
            return _(SENTENCES[self.code]) % self.params
        except KeyError:  # a code from an older version of the program
            return self.code


@dataclass(slots=True)
class Record:
    """`values` holds what the line says, by field, as text: persons and departments as they are called there, a
    deadline as "2027-03-05", "2027-03-05 18:00" or "2027-03-05T10:00Z". A field that the file has not is not in it."""

    line: int
    values: dict[str, str]
    # Our own number, or its name where it comes from.
    number: str = ""
    external_id: str = ""
    mark: str = ""
    is_finished: bool = False
    # Why it cannot be read; such a line is refused.
    problems: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> "Record":
        remarks = {name: [Remark(**one) for one in data[name]] for name in ("problems", "notes")}
        return cls(**(data | remarks))


class Unreadable(Exception):
    """The file as such cannot be read; the text is for people."""


SENTENCES: dict[str, str] = {
    # --- why a line is refused
    "untitled": gettext_noop("It does not say what is to be done."),
    "title_long": gettext_noop("What is to be done takes more than 300 characters."),
    "finished_there": gettext_noop("It is finished there already; only open work is taken over."),
    "unknown_number": gettext_noop("There is no action %(number)s that you may read."),
    "twice": gettext_noop("The same action stands in line %(line)s already."),
    "not_yours": gettext_noop("It was taken over before by somebody else, and you may not read it."),
    "over": gettext_noop("%(number)s is over or waits to be accepted; its terms stand."),
    "may_not_edit": gettext_noop("You may not change the wording of %(number)s."),
    "may_not_move": gettext_noop("You may not move the deadline of %(number)s. Its owner asks on its page."),
    "may_not_hand_over": gettext_noop(
        "You may not change who owns or accepts %(number)s, or which department does it."
    ),
    "may_not_give": gettext_noop("You may not give work to %(person)s."),
    "person_unknown": gettext_noop(
        "Nobody here is called “%(person)s”. Write the name as it is here, or the e-mail."
    ),
    "person_ambiguous": gettext_noop("Several people are called “%(person)s”. Write the e-mail."),
    "department_unknown": gettext_noop("There is no department “%(department)s” here."),
    "same_person": gettext_noop("Somebody other than the owner must accept it."),
    "date_unreadable": gettext_noop("“%(text)s” is no deadline. Write it like 2027-03-05 18:00."),
    "date_past": gettext_noop("The new deadline has already passed."),
    "zone_unknown": gettext_noop("“%(zone)s” is no time zone. Write it like Asia/Shanghai."),
    "needs": gettext_noop("As a promise it would be incomplete: %(what)s"),
    "cannot_be_empty": gettext_noop("“%(field)s” of a published action cannot be empty."),
    "changed_meanwhile": gettext_noop(
        "“%(field)s” has been changed here since the file was written: it is now “%(now)s”. Export it again."
    ),
    "department_stands": gettext_noop("The department of a published action is not changed by a file."),
    "row_unreadable": gettext_noop("The cells of this line cannot be told apart."),
    "cell_long": gettext_noop("“%(field)s” is longer than a line of a list can be."),
    # --- what is worth knowing about a line that is taken over
    "draft": gettext_noop("Becomes a draft: %(what)s"),
    "several_people": gettext_noop("Several people are named; an action has one owner. Taken: “%(person)s”."),
    "left_open": gettext_noop("It is finished there. Here it is open until it is accepted."),
    "status_kept": gettext_noop(
        "The status “%(status)s” of the file is not taken over; statuses are moved here."
    ),
    "owner_left_out": gettext_noop(
        "Nobody here is called “%(person)s”; the name is kept in the description."
    ),
    "no_marks": gettext_noop("The check column is missing: everything that differs counts as your edit."),
}


def lines_of(numbers: Sequence[int]) -> str:
    """Line numbers as words, the first few of many."""
    shown = ", ".join(str(number) for number in numbers[:5])
    if len(numbers) <= 5:
        return shown
    more = len(numbers) - 5
    return ngettext("%(lines)s and %(n)d more", "%(lines)s and %(n)d more", more) % {
        "lines": shown,
        "n": more,
    }
