"""A submitted pre-read laid out for its readers: what needs the room's attention first, the rest quietly after it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from meetings.models import Attachment, PreRead, PreReadRevision, PreReadText, Review
from meetings.queries import confidential
from meetings.queries.differences import Difference, compared
from meetings.queries.figures import Figure
from meetings.queries.revisions import Reading, latest_reading, readings_of
from people.models import User

# What a browser shows by itself; anything else is a download.
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@dataclass(frozen=True, slots=True)
class Answer:
    """One text: its place for comments, heading, question and words, with the files that are its evidence."""

    place: str
    heading: str
    prompt: str
    text: str
    files: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """A reading in the order in which it is read. `differences`: the stated figures that are still as handed in."""

    reading: Reading
    moved: list[Figure]
    stated: list[Figure]
    answers: list[Answer]
    evidence: dict[str, list[Attachment]]
    files: list[Attachment]
    differences: dict[str, Difference] = field(default_factory=dict)

    @property
    def has_exceptions(self) -> bool:
        reading = self.reading
        return bool(self.moved or self.stated or reading.problems or reading.resources or reading.decisions)


def is_image(file: Attachment) -> bool:
    return file.content_type in IMAGES


def lay_out(reading: Reading, differences: Iterable[Difference] = ()) -> Layout:
    """Pure arithmetic over a reading; `differences` are the meeting's, of which this department's are taken."""
    evidence: dict[str, list[Attachment]] = {}
    for file in reading.attachments:
        evidence.setdefault("" if file.document_id else file.section, []).append(file)
    # The rows that are laid out as such carry their own evidence; texts of a section take theirs along.
    kept = {"figures", "problems", "resources", "decisions"}
    answers = [_answer(text, evidence) for text in reading.answers]
    shown = kept | {file.section for answer in answers for file in answer.files}
    return Layout(
        reading=reading,
        moved=[figure for figure in reading.figures if figure.is_moved],
        stated=[figure for figure in reading.figures if figure.statement],
        answers=answers,
        evidence={key: evidence.get(key, []) for key in sorted(kept)},
        files=[file for key, files in evidence.items() if key not in shown for file in files],
        differences={
            one.statement.metric_code: one
            for one in differences
            if any(
                figure.statement
                and figure.statement.pk == one.statement.pk
                and figure.statement.value == one.statement.value
                for figure in reading.figures
            )
        },
    )


def _answer(text: PreReadText, evidence: dict[str, list[Attachment]]) -> Answer:
    heading = _("Anything else") if text.kind == PreReadText.Kind.FREE else text.heading
    files = evidence.get(text.key, []) if text.kind == PreReadText.Kind.SECTION else []
    return Answer(f"{text.kind}:{text.key}", heading, text.prompt, text.text, files)


def of_revision(preread: PreRead, revision: PreReadRevision, reader: User) -> Reading | None:
    """One chosen revision as this reader sees it."""
    return readings_of([revision], {preread.pk: preread}, reader).get(preread.pk)


def known_differences(preread: PreRead, reading: Reading) -> list[Difference]:
    """What was ruled on the figures it states; no query where it states none."""
    return compared(preread.meeting) if reading.statements else []


def returned(preread: PreRead) -> Review | None:
    """The data owner's word on the newest revision while it is returned, which the next revision answers."""
    newest = preread.revisions.order_by("-number").values("pk")[:1]
    reviews = Review.objects.filter(revision__in=newest).select_related("reviewed_by", "revision")
    last = reviews.defer("revision__content").order_by("-reviewed_at", "-pk").first()
    return last if last is not None and last.verdict == Review.Verdict.RETURNED else None


def places(preread: PreRead, reader: User) -> dict[str, int | None]:
    """The sections of the newest revision that this reader may comment on, each with its agenda item."""
    found = latest_reading(preread, reader)
    if found is None:
        return {}
    return {"": None, **places_of(found)}


def places_of(reading: Reading) -> dict[str, int | None]:
    return {
        **{f"{text.kind}:{text.key}": confidential.item_of(text) for text in reading.answers},
        **{f"figure:{figure.row.metric.code}": figure.item_id for figure in reading.figures},
        **{f"problem:{row.pk}": None for row in reading.problems},
        **{f"resource:{row.pk}": None for row in reading.resources},
        **{f"decision:{row.pk}": row.item_id for row in reading.decisions},
    }


def names(reading: Reading) -> dict[str, str]:
    """The sections of a reading in words, for lists of what was said on them."""
    return {
        **{f"{text.kind}:{text.key}": text.prompt or text.heading for text in reading.answers},
        "free:free": _("Anything else"),
        **{f"figure:{figure.row.metric.code}": figure.row.metric.name for figure in reading.figures},
        **{f"problem:{row.pk}": row.problem for row in reading.problems},
        **{f"resource:{row.pk}": row.what for row in reading.resources},
        **{f"decision:{row.pk}": row.question for row in reading.decisions},
        "": _("The whole pre-read"),
    }
