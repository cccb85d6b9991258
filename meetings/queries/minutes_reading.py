"""What somebody may read of a content of minutes: never more than they may know, perhaps one department's part."""

import copy
from collections.abc import Collection, Set

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from meetings import rules
from meetings.queries import confidential
from meetings.queries.minutes_content import PARTS, Content, empty, says_something
from people.models import Department, User


def point_words(rows: Collection[Content], hidden: Set[int]) -> list[str]:
    """Open points in the active language, without those of items that are kept from the reader."""
    key = "words_zh" if (get_language() or "").startswith("zh") else "words_en"
    return [row.get(key, "") for row in rows if row.get("item") not in hidden]


def for_reader(content: Content, user: User | None) -> Content:
    """A copy without what this person (None: nobody in particular) must not know: of confidential items their place
    and time stay, of everything else that belongs to one nothing; what it cost is for those who read costs. One
    query."""
    found = without(content, confidential.hidden_ids(meeting=content["meeting"]["id"], user=user))
    if user is None or not rules.can_read_costs(user):
        found["cost"] = None
    return found


def without(content: Content, hidden: Set[int]) -> Content:
    found = copy.deepcopy(content)
    kept = [_masked(one) if one["item"] in hidden else one for one in found["chapters"]]
    for chapter in kept:
        chapter["actions"] = [one for one in chapter["actions"] if not hidden & set(one["items"])]
    found["chapters"] = [one for one in kept if one["item"] is not None or says_something(one)]
    if found["priority"] and found["priority"]["item"] in hidden:
        found["priority"] = None
    for mark in (found["went_ahead"], found["closed_open"]):
        if mark:
            mark["points"] = [point for point in mark["points"] if point["item"] not in hidden]
    for name in ("corrections", "objections"):
        if name in found:
            found[name] = [one for one in found[name] if one["item"] not in hidden]
    return found


def _masked(chapter: Content) -> Content:
    """What is left of a confidential item: its place and its time."""
    with override("en"):
        english = _(confidential.TITLE)
    with override("zh-hans"):
        chinese = _(confidential.TITLE)
    times = {name: chapter[name] for name in ("planned", "taken", "was_visited")}
    return {
        **empty(chapter["item"]),
        **times,
        "title_en": english,
        "title_zh": chinese,
        "is_masked": True,
    }


def excerpt(content: Content, department: Department) -> Content:
    """What concerns one department: the items it presents, whole; of the others the promises it made."""
    found = copy.deepcopy(content)
    kept = []
    for chapter in found["chapters"]:
        if chapter["department"] != department.pk:
            own = [one for one in chapter["actions"] if one["department"] == department.pk]
            if not own:
                continue
            chapter.update({part: [] for part in PARTS} | {"actions": own, "text": ""})
        kept.append(chapter)
    found["chapters"] = kept
    found["people"] = [one for one in found["people"] if one["department"] == department.pk]
    found["excerpt"] = {"id": department.pk, "en": department.name_en, "zh": department.name_zh}
    return found
