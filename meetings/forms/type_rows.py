"""The modules of a type while they are being edited: the rows of an agenda with more in each."""

from collections.abc import Iterable
from typing import Any, Self

from django.http import QueryDict

from core.text import whole
from meetings.forms.rows import MOST_ROWS, AgendaRows
from meetings.library.parts import break_
from meetings.models.module import Kind, Presenter
from meetings.type_plan import DocumentPlan, ModulePlan

MOST_DOCUMENTS = 20
TEXTS = (
    "title_en",
    "title_zh",
    "kind",
    "who",
    "report",
    "discussion",
    "is_pinned",
    "questions_en",
    "questions_zh",
    "is_confidential",
    "is_recurring",
    "action_list",
    "module_id",
)
DOCUMENT_TEXTS = ("department", "name_en", "name_zh")
EMPTY_DOCUMENT = dict.fromkeys(DOCUMENT_TEXTS, "")


class ModuleRows(AgendaRows):
    """Rows as typed. Besides the steps of an agenda: `add`, `break`, and `document-` with a row's number."""

    @classmethod
    def of_modules(cls, modules: Iterable[ModulePlan], planned: int) -> Self:
        return cls([{"index": place, **initial_of(module)} for place, module in enumerate(modules)], planned)

    @classmethod
    def of_form(cls, data: QueryDict) -> Self:
        rows = [
            {
                "index": index,
                "order": whole(data.get(f"items-{index}-order", "")),
                "metrics": data.getlist(f"items-{index}-metrics"),
                "documents": _documents(data, f"items-{index}-docs"),
                **{name: data.get(f"items-{index}-{name}", "") for name in TEXTS},
            }
            for index in range(min(whole(data.get("items-count", "")), MOST_ROWS))
        ]
        rows.sort(key=lambda row: (row["order"], row["index"]))
        return cls(rows, whole(data.get("planned_minutes", "")), undo=data.get("undo", ""))

    def step(self, do: str) -> None:
        verb, _dash, number = do.partition("-")
        if verb in ("add", "break") and len(self.rows) < MOST_ROWS:
            self.rows.append(_new_row(is_break=verb == "break"))
            self.undo = ""
        elif verb == "document":
            for row in self.rows:
                if str(row["index"]) == number and len(row["documents"]) < MOST_DOCUMENTS:
                    row["documents"].append(dict(EMPTY_DOCUMENT))
                    row["is_open"] = True
        # Without a step of its own the agenda only counts anew.
        super().step("" if verb in ("add", "break", "document") else do)


def initial_of(module: ModulePlan) -> dict[str, Any]:
    who = f"department-{module.department}" if module.department else module.presenter
    return {
        "title_en": module.title_en,
        "title_zh": module.title_zh,
        "kind": module.kind,
        "who": Presenter.HOST if who == Presenter.DEPARTMENT else who,
        "report": module.report_minutes,
        "discussion": module.discussion_minutes,
        "is_pinned": module.is_pinned,
        "questions_en": module.questions_en,
        "questions_zh": module.questions_zh,
        "metrics": list(module.metric_codes),
        "is_confidential": module.is_confidential,
        "is_recurring": module.is_recurring,
        "action_list": module.action_list,
        "module_id": module.module_id or "",
        "documents": [_initial_of_document(one) for one in module.documents],
    }


def _initial_of_document(document: DocumentPlan) -> dict[str, Any]:
    return {"department": document.department, "name_en": document.name_en, "name_zh": document.name_zh}


def _documents(data: QueryDict, prefix: str) -> list[dict[str, Any]]:
    count = min(whole(data.get(f"{prefix}-count", "")), MOST_DOCUMENTS)
    return [
        {name: data.get(f"{prefix}-{number}-{name}", "") for name in DOCUMENT_TEXTS}
        for number in range(count)
    ]


def _new_row(*, is_break: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(TEXTS, "")
    row |= {"index": -1, "who": Presenter.HOST, "kind": Kind.TOPIC, "report": 0, "discussion": 10}
    row |= {"metrics": [], "documents": [], "is_open": not is_break}
    if is_break:
        rest = break_(10)
        row |= {"kind": Kind.BREAK, "title_en": rest.title_en, "title_zh": rest.title_zh}
    return row
