"""The minutes in words: one wording for the print view, the PDF, Word, Markdown and mails.

`blocks` turns a content (`queries.minutes_content`, already without what the reader must not know) into a handful of
plain kinds of block, in the language that is active and on the meeting's own clock. Each output only sets blocks.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from core.periods import Period
from core.templatetags.figures import figure_words
from core.templatetags.times import day_words, duration_words, moment_words
from meetings.models import Decision, Issue, Kind, Participant
from meetings.packs.blocks import Block, Facts, Heading, Points, Table, Text
from meetings.queries.minutes_content import Content, says_something

COMMA = ", "


def named(row: Content, name: str) -> str:
    """What has two names, in the active language."""
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return row.get(f"{name}_{first}") or row.get(f"{name}_{second}") or ""


def _joined(parts: Sequence[str]) -> str:
    return pgettext("between names", ", ").join(part for part in parts if part)


def label(choices: Any, code: str) -> str:
    """The word for a code; the code itself where an older edition has one that is not known any more."""
    return str(choices(code).label) if code in choices.values else code


class Words:
    """The words of one content."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.zone = ZoneInfo(content["meeting"]["time_zone"])

    @property
    def title(self) -> str:
        return self.content["meeting"]["title"]

    @property
    def subtitle(self) -> str:
        department = self.content.get("excerpt")
        if department:
            name = department["zh" if (get_language() or "").startswith("zh") else "en"]
            return _("Minutes, excerpt for %(department)s") % {"department": name}
        return _("Minutes")

    def moment(self, text: str) -> str:
        return moment_words(datetime.fromisoformat(text), self.zone) if text else ""

    def day(self, text: str) -> str:
        return day_words(date.fromisoformat(text)) if text else ""

    def blocks(self) -> list[Block]:
        return [
            Facts(self.facts()),
            *self._marks(),
            *self._summary(),
            *self._decided(),
            *self.chapters(),
            *self.promised(),
            *self._duties(),
            *self._after(),
        ]

    # --- the head -----------------------------------------------------------------------------------------
    def facts(self) -> list[tuple[str, str]]:
        about = self.content["meeting"]
        rows = [(_("Type"), named(about, "type"))]
        if about["started_at"]:
            held = self.moment(about["started_at"])
            if about["ended_at"]:
                length = datetime.fromisoformat(about["ended_at"]) - datetime.fromisoformat(
                    about["started_at"]
                )
                held = _("%(start)s, for %(length)s of %(planned)s planned") % {
                    "start": held,
                    "length": duration_words(length),
                    "planned": duration_words(about["planned_minutes"]),
                }
            rows.append((_("Held"), held))
        else:
            rows.append((_("Planned"), self.moment(about["starts_at"])))
        rows.append((_("Place"), about["location"]))
        rows.append(
            (_("Period under review"), Period.parse(about["period"]).label if about["period"] else "")
        )
        rows.append((_("Host"), about["host"]))
        return [row for row in [*rows, *self._people(), *self._cost()] if row[1]]

    def _people(self) -> list[tuple[str, str]]:
        people = self.content["people"]
        if not people:
            return []
        if all(one["was_there"] is None for one in people):
            return [(_("Invited"), _joined([self._person(one) for one in people]))]
        there = [self._person(one) for one in people if one["was_there"]]
        away = [self._person(one) for one in people if not one["was_there"]]
        return [(_("Present"), _joined(there)), (_("Absent"), _joined(away))]

    def _person(self, one: Content) -> str:
        about = [
            label(Participant.Role, one["role"]) if one["role"] else _("guest"),
            named(one, "department"),
        ]
        if one["minutes"]:
            about.append(duration_words(one["minutes"]))
        return pgettext("name (about)", "%(name)s (%(about)s)") % {
            "name": one["name"],
            "about": _joined(about),
        }

    def _cost(self) -> list[tuple[str, str]]:
        cost = self.content.get("cost")
        if not cost or not cost["amounts"]:
            return []
        amounts = [f"{figure_words(one['total'], 'count')} {one['currency']}" for one in cost["amounts"]]
        return [(_("What it cost"), " + ".join(amounts))]

    # --- what stands above the items ----------------------------------------------------------------------
    def _marks(self) -> Iterator[Block]:
        if priority := self.content["priority"]:
            yield Heading(_("The executive's priority"))
            yield Text(f"{priority['by']}{_colon()}{priority['text']}")
        for name, title in (
            ("went_ahead", _("Begun with points open")),
            ("closed_open", _("Ended with points open")),
        ):
            if mark := self.content[name]:
                yield Heading(title)
                if mark["points"]:
                    yield Points([named(self._point(point), "words") for point in mark["points"]])
                yield Text(f"{mark['by']}{_colon()}{mark['reason']}")

    @staticmethod
    def _point(point: Content) -> Content:
        return {"words_en": point["en"], "words_zh": point["zh"]}

    def _summary(self) -> Iterator[Block]:
        if self.content["summary"]:
            yield Heading(_("Summary"))
            yield Text(self.content["summary"])

    def decisions(self) -> list[Content]:
        found = [one for chapter in self.content["chapters"] for one in chapter["decisions"]]
        return sorted(found, key=lambda one: one["code"])

    def _decided(self) -> Iterator[Block]:
        rows = self.decisions()
        if rows:
            yield Heading(_("Decisions"))
            yield Table(
                [_("Number"), _("What was decided"), _("Outcome"), _("Decided by")],
                [[one["code"], one["text"], self._outcome(one), one["decided_by"] or "—"] for one in rows],
            )

    def _outcome(self, one: Content) -> str:
        words = label(Decision.Outcome, one["outcome"])
        if one["deferred_until"]:
            words = _("%(outcome)s until %(day)s") % {
                "outcome": words,
                "day": self.day(one["deferred_until"]),
            }
        if one["kind"] != Decision.Kind.DECISION:
            words = _joined([words, label(Decision.Kind, one["kind"])])
        return words

    # --- the items ----------------------------------------------------------------------------------------
    def chapters(self) -> Iterator[Block]:
        """The items with a record, in the order of the room; those without one are only named, at the end."""
        for chapter in self.content["chapters"]:
            if says_something(chapter):
                yield from self._chapter(chapter)
        silent = [
            pgettext("name (about)", "%(name)s (%(about)s)")
            % {"name": named(chapter, "title"), "about": self._time(chapter)}
            for chapter in self.content["chapters"]
            if chapter["kind"] != Kind.BREAK and not says_something(chapter) and self._time(chapter)
        ]
        if silent and "excerpt" not in self.content:
            yield Heading(_("Items without a record"))
            yield Points(silent)

    def visited(self) -> list[str]:
        """The titles of the items that the meeting came to."""
        return [
            named(chapter, "title")
            for chapter in self.content["chapters"]
            if chapter["was_visited"] and chapter["kind"] != Kind.BREAK
        ]

    def _chapter(self, chapter: Content) -> Iterator[Block]:
        title = named(chapter, "title") or _("Without an item")
        yield Heading(title, note=self._time(chapter))
        if chapter["text"]:
            yield Text(chapter["text"])
        else:
            for note in chapter["notes"]:
                yield Text(note)
        for decision in chapter["decisions"]:
            yield from self._decision(decision)
        if chapter["issues"]:
            yield Heading(_("Issues"), 3)
            yield Points([self._issue(issue) for issue in chapter["issues"]])
        if chapter["parked"]:
            yield Heading(_("Parking lot"), 3)
            yield Points([self._parked(parked) for parked in chapter["parked"]])

    def _time(self, chapter: Content) -> str:
        if chapter["item"] is None or (not chapter["planned"] and not chapter["taken"]):
            return ""
        if not chapter["was_visited"]:
            return _("not reached")
        return _("took %(taken)d of %(planned)d min") % chapter

    def _decision(self, one: Content) -> Iterator[Block]:
        yield Heading(_("Decision %(code)s") % one, 3, note=self._outcome(one))
        yield Text(one["text"])
        rows = [
            (_("Options considered"), one["options"]),
            (_("Recommendation"), one["recommendation"]),
            (_("Chosen"), one["chosen"]),
            (_("Decided by"), one["decided_by"]),
            (_("Who disagreed, and why"), one["dissent"]),
            (_("Replaces"), one["supersedes"]),
        ]
        if rows := [row for row in rows if row[1]]:
            yield Facts(rows)

    def _issue(self, one: Content) -> str:
        parts = [
            (_("Root cause"), one["root_cause"]),
            (_("Process at fault"), one["process"]),
            (_("Solution"), one["solution"]),
            # Editions from before reasons were kept have none.
            (_("The wording stands, because"), one.get("wording_reason", "")),
        ]
        lines = [f"{one['text']} ({label(Issue.State, one['state'])})"]
        return "\n".join([*lines, *(f"{name}{_colon()}{words}" for name, words in parts if words)])

    def _parked(self, one: Content) -> str:
        if not one["review_on"]:
            return one["text"]
        return _("%(matter)s (put off until %(day)s)") % {
            "matter": one["text"],
            "day": self.day(one["review_on"]),
        }

    # --- what follows -------------------------------------------------------------------------------------
    def promises(self) -> list[Content]:
        return [one for chapter in self.content["chapters"] for one in chapter["actions"]]

    def promised(self) -> Iterator[Block]:
        rows = self.promises()
        if rows:
            yield Heading(_("Action plan"))
            yield Table(
                [_("What"), _("Owner"), _("Deadline"), _("Acceptance criteria")],
                [
                    [
                        one["title"]
                        if one["is_published"]
                        else _("%(action)s (draft)") % {"action": one["title"]},
                        one["owner"] or "—",
                        self.deadline(one) or "—",
                        "\n".join(one["criteria"]) or "—",
                    ]
                    for one in rows
                ],
            )

    def deadline(self, one: Content) -> str:
        if not one["due_at"]:
            return ""
        moment = datetime.fromisoformat(one["due_at"]).astimezone(ZoneInfo(one["time_zone"]))
        return day_words(moment) if one["is_all_day"] else moment_words(moment, moment.tzinfo)

    def _duties(self) -> Iterator[Block]:
        if self.content["duties"] and "excerpt" not in self.content:
            yield Heading(_("What follows"))
            yield Table(
                [_("What"), _("Owner"), _("Due")],
                [
                    [named(one, "name") or one["code"], one["owner"], self.moment(one["due_at"])]
                    for one in self.content["duties"]
                ],
            )

    def _after(self) -> Iterator[Block]:
        if rating := self.content.get("rating"):
            yield Heading(_("How the meeting was rated"))
            words = ngettext(
                "%(average)s of 10 on average, by %(count)d person.",
                "%(average)s of 10 on average, by %(count)d people.",
                rating["count"],
            )
            yield Text(words % rating)
            if rating["reasons"]:
                yield Points(rating["reasons"])
        if objections := self.content.get("objections"):
            yield Heading(_("Objections that were noted"))
            yield Points(
                [
                    f"{one['by']}{_colon()}{one['text']}\n{_('Answer')}{_colon()}{one['answer_text']}"
                    for one in objections
                ]
            )
        if approvals := self.content.get("approvals"):
            yield Heading(_("Approved by"))
            yield Points([f"{one['name']}{COMMA}{self.moment(one['at'])}" for one in approvals])
        if corrections := self.content.get("corrections"):
            yield Heading(_("Corrections"))
            yield Points(
                [
                    _("%(number)d. %(text)s (%(by)s, %(time)s)") % {**one, "time": self.moment(one["at"])}
                    for one in corrections
                ]
            )


def _colon() -> str:
    return pgettext("between a field's name and its error", ": ")
