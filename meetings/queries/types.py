"""Reads about types of meeting: the list, one type with its versions, and what differs between two of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from core.models import HistoryEntry
from meetings import agenda
from meetings.library.planned_metrics import PLANNED_METRICS
from meetings.models import Meeting, Template, TemplateDocument, TemplateModule
from meetings.recurrence import BadRuleError, Rule, describe
from meetings.type_plan import COLUMNS, MODULE_COLUMNS, ModulePlan, TypePlan
from metrics.models import Metric
from people.models import Department, User

SHOWN_MEETINGS = 12
VERBS_OF_CONTENT = (
    "meetings.template_version",
    "meetings.template_changed",
    "meetings.template_copied",
)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One type on the list: the version that counts, what its agenda sums to, and how often it was used."""

    template: Template
    total: int
    versions: int
    meetings: int
    last_held: datetime | None

    @property
    def over(self) -> int:
        return self.total - self.template.planned_minutes

    @property
    def free(self) -> int:
        return -self.over


def rows(user: User) -> tuple[list[TypeRow], list[TypeRow]]:
    """(types on offer, retired types) in order; meetings count when this person may read them. Four queries."""
    used: dict[str, dict[str, Any]] = {
        row["template__code"]: dict(row)
        for row in Meeting.objects.visible_to(user)
        .exclude(status=Meeting.Status.CANCELLED)
        .order_by()
        .values("template__code")
        .annotate(n=Count("pk"), last=Max("ended_at"))
    }
    modules = Prefetch("modules", TemplateModule.objects.order_by("order"))
    versions: dict[str, list[Template]] = {}
    for template in Template.objects.order_by("position", "code", "version").prefetch_related(modules):
        versions.setdefault(template.code, []).append(template)
    offered: list[TypeRow] = []
    retired: list[TypeRow] = []
    for code, known in versions.items():
        current = next((one for one in known if one.is_current), None)
        shown = current or known[-1]
        use = used.get(code, {"n": 0, "last": None})
        total = agenda.planned_sum(agenda.slots(shown.modules.all()))
        row = TypeRow(shown, total, len(known), use["n"], use["last"])
        (offered if current else retired).append(row)
    return offered, retired


# --- one type -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Part:
    """One module on the page, with the minute it begins at and the names of its figures."""

    module: TemplateModule
    documents: list[TemplateDocument]
    metrics: list[str]
    starts: int

    @property
    def discussion_at(self) -> int:
        return self.starts + self.module.report_minutes

    @property
    def ends(self) -> int:
        return self.starts + self.module.minutes


@dataclass(frozen=True, slots=True)
class Version:
    """One version: who made it when, what changed against the one before, how many meetings came from it."""

    template: Template
    entry: HistoryEntry | None
    meetings: int
    changes: "list[Change]" = field(default_factory=list)


def versions_of(code: str) -> QuerySet[Template]:
    """All versions of a type, newest first, with modules and documents."""
    documents = Prefetch(
        "documents", TemplateDocument.objects.select_related("department").order_by("order", "pk")
    )
    modules = TemplateModule.objects.select_related("department").order_by("order", "pk")
    return (
        Template.objects.filter(code=code)
        .order_by("-version")
        .prefetch_related(Prefetch("modules", modules.prefetch_related(documents)))
    )


def latest(code: str) -> Template | None:
    """The version on offer, or the last one of a retired type."""
    return Template.objects.filter(code=code).order_by("-is_current", "-version").first()


def name_of_copy(name: str, language: str) -> str:
    """A first proposal in the language of the name, whatever the reader's is."""
    with override(language):
        return (_("%(name)s (copy)") % {"name": name})[:120]


def parts(template: Template) -> list[Part]:
    """The modules of a version as `versions_of` reads them, with the minute each begins at."""
    modules = list(template.modules.all())
    names = metric_names()
    at, found = 0, []
    for module in modules:
        metrics = [names.get(code, code) for code in module.metric_codes]
        found.append(Part(module, list(module.documents.all()), metrics, at))
        at += module.minutes
    return found


def story(versions: list[Template], user: User) -> list[Version]:
    """The versions, newest first, each compared with the one before it."""
    counts = dict(
        Meeting.objects.visible_to(user)
        .filter(template__in=versions)
        .order_by()
        .values_list("template")
        .annotate(n=Count("pk"))
    )
    made = _makers(versions)
    words = Words.load()
    plans = [TypePlan.of_loaded(template) for template in versions]
    result = []
    for place, template in enumerate(versions):
        before = plans[place + 1] if place + 1 < len(plans) else None
        changes = words.changes(before, plans[place]) if before else []
        result.append(Version(template, made.get(template.pk), counts.get(template.pk, 0), changes))
    return result


def _makers(versions: list[Template]) -> dict[int, HistoryEntry]:
    """By version: the last line of history about its content; a version that came with the program has none."""
    entries = (
        HistoryEntry.objects.filter(
            target_type=ContentType.objects.get_for_model(Template),
            target_id__in=[one.pk for one in versions],
            verb__in=VERBS_OF_CONTENT,
        )
        .select_related("actor")
        .order_by("pk")
    )
    return {entry.target_id: entry for entry in entries}


def held(code: str, user: User) -> list[Meeting]:
    """The latest meetings made from any version of a type, among those the person may read."""
    found = Meeting.objects.visible_to(user).filter(template__code=code)
    return list(found.select_related("template", "host").order_by("-starts_at", "-pk")[:SHOWN_MEETINGS])


def metric_names() -> dict[str, str]:
    """Every figure that an agenda may ask for, by code: the dictionary's, and those that nothing fills yet."""
    names = {code: str(name) for code, name in PLANNED_METRICS.items()}
    return names | {metric.code: metric.name for metric in Metric.objects.only("code", "name_en", "name_zh")}


def rhythm_words(rule: str) -> str:
    """A rule in the reader's language; one that our series cannot follow as it stands."""
    try:
        return describe(Rule.parse(rule)) if rule else ""
    except BadRuleError:
        return rule


# --- what differs ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """What differs in one module, or in the type itself (`title` empty): lines of (what, before, after)."""

    what: str  # "type", "added", "removed", "changed", "order"
    title: str
    lines: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Words:
    """The names that plans hold as keys and codes."""

    departments: dict[int, str]
    metrics: dict[str, str]

    @classmethod
    def load(cls) -> "Words":
        departments = {one.pk: one.name for one in Department.objects.in_order()}
        return cls(departments, metric_names())

    def changes(self, before: TypePlan, after: TypePlan) -> list[Change]:
        """From one version to another: the type's own columns, then modules in their order, then what is gone."""
        found = []
        lines = list(self._lines(Template, COLUMNS, before.columns, after.columns))
        if lines:
            found.append(Change("type", "", lines))
        pairs, gone = _pairs(before.modules, after.modules)
        for old, new in pairs:
            if old is None:
                found.append(Change("added", _title(new), [(_("minutes"), "", _minutes(new))]))
            elif lines := self._module_lines(old, new):
                found.append(Change("changed", _title(new), lines))
        found += [Change("removed", _title(old), [(_("minutes"), _minutes(old), "")]) for old in gone]
        places = [before.modules.index(old) for old, _new in pairs if old]
        if places != sorted(places):
            found.append(Change("order", "", []))
        return found

    def _module_lines(self, old: ModulePlan, new: ModulePlan) -> list[tuple[str, str, str]]:
        values = [
            {name: getattr(plan, name) for name in MODULE_COLUMNS if name != "presenter"}
            for plan in (old, new)
        ]
        columns = tuple(name for name in MODULE_COLUMNS if name != "presenter")
        lines = list(self._lines(TemplateModule, columns, *values))
        before, after = self._who(old), self._who(new)
        if before != after:
            lines.append((_label(TemplateModule, "presenter"), before, after))
        before, after = self._documents(old), self._documents(new)
        if before != after:
            name = force_str(TemplateDocument._meta.verbose_name_plural)
            lines.append((name, before, after))
        return lines

    def _lines(
        self, model: type, columns: Iterable[str], before: dict[str, Any], after: dict[str, Any]
    ) -> Iterator[tuple[str, str, str]]:
        for name in columns:
            if before[name] != after[name]:
                yield (
                    _label(model, name),
                    self._value(model, name, before[name]),
                    self._value(model, name, after[name]),
                )

    def _value(self, model: type, name: str, value: Any) -> str:
        if name in SPECIAL:
            return SPECIAL[name](self, value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        choices = dict(_field(model, name).flatchoices)
        return str(choices.get(value, value))

    def _metrics(self, codes: Iterable[str]) -> str:
        return _join(self.metrics.get(code, code) for code in codes)

    def _who(self, plan: ModulePlan) -> str:
        if plan.department:
            return self.departments.get(plan.department, "")
        return str(dict(_field(TemplateModule, "presenter").flatchoices)[plan.presenter])

    def _documents(self, plan: ModulePlan) -> str:
        return _join(
            f"{one.name_en} / {one.name_zh} ({self.departments.get(one.department, '')})"
            for one in plan.documents
        )


SPECIAL: dict[str, Callable[[Words, Any], str]] = {
    "metric_codes": lambda words, codes: words._metrics(codes),  # noqa: SLF001
    "usual_rule": lambda _words, rule: rhythm_words(rule),
}


def _pairs(
    before: tuple[ModulePlan, ...], after: tuple[ModulePlan, ...]
) -> tuple[list[tuple[ModulePlan | None, ModulePlan]], list[ModulePlan]]:
    """Each module with what it was before, and those that are gone. The same title in one language is the same
    module; of the others the one of the same presenter or the same place."""
    left = list(before)
    found: dict[int, ModulePlan] = {}
    for same in (_is_same_title, _is_same_place(before, after)):
        for place, new in enumerate(after):
            match = next((old for old in left if place not in found and same(old, new)), None)
            if match:
                found[place] = match
                left.remove(match)
    return [(found.get(place), new) for place, new in enumerate(after)], left


def _is_same_title(old: ModulePlan, new: ModulePlan) -> bool:
    return bool(
        (old.title_en and old.title_en == new.title_en) or (old.title_zh and old.title_zh == new.title_zh)
    )


def _is_same_place(
    before: tuple[ModulePlan, ...], after: tuple[ModulePlan, ...]
) -> Callable[[ModulePlan, ModulePlan], bool]:
    """Renamed in its place, by the same presenter."""
    places = {id(plan): place for plans in (before, after) for place, plan in enumerate(plans)}

    def is_same(old: ModulePlan, new: ModulePlan) -> bool:
        who = (old.presenter, old.department, old.kind) == (new.presenter, new.department, new.kind)
        return who and places[id(old)] == places[id(new)]

    return is_same


def _title(plan: ModulePlan) -> str:
    return TemplateModule(title_en=plan.title_en, title_zh=plan.title_zh).title


def _minutes(plan: ModulePlan) -> str:
    return f"{plan.report_minutes} + {plan.discussion_minutes}"


def _field(model: Any, name: str) -> Any:
    return model._meta.get_field(name)


def _label(model: Any, name: str) -> str:
    return force_str(_field(model, name).verbose_name)


def _join(names: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(names)
