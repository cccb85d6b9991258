"""What a pre-read says in words, passage by passage, for looking something up in it."""

from collections.abc import Collection, Iterator
from typing import Any

from meetings.models import PreReadText


def passages(content: dict[str, Any], hidden: Collection[int]) -> Iterator[str]:
    """The passages of a revision that may be shown: without what prepares one of the `hidden` agenda items.

    Figures stated beside the reports are left out: they are for the data owner.
    """
    for text in content.get("texts", []):
        if _item(text) not in hidden:
            yield text["text"]
    for problem in content.get("problems", []):
        yield from (problem["problem"], *problem["whys"], problem["root_cause"], problem["solution"])
    for resource in content.get("resources", []):
        yield from (resource["what"], resource["why"])
    for request in content.get("decisions", []):
        if request.get("item_id") not in hidden:
            yield from (request["question"], request["background"], request["reason"])
            yield from (str(option) for option in request["options"] or [])


def _item(text: dict[str, Any]) -> int | None:
    """Older revisions name the item in the key of its question only."""
    if text.get("item"):
        return int(text["item"])
    start = str(text["key"]).partition("-")[0]
    return int(start) if text["kind"] == PreReadText.Kind.QUESTION and start.isdecimal() else None
