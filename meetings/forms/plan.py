"""All forms of one meeting together: what begins them, whether they are right, and the plan they make."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from core.periods import Period
from core.text import whole
from meetings import merge
from meetings import plan as planning
from meetings.agenda import Timing
from meetings.forms import moments
from meetings.forms.agenda import DepartmentForm, ItemForm, sources_of
from meetings.forms.people import Colleagues
from meetings.forms.rows import AgendaRows
from meetings.forms.schedule import (
    FARTHEST,
    NO_PERIOD,
    OWN_PERIOD,
    ROLE_FIELDS,
    ScheduleForm,
    next_full_hour,
    roles_of,
)
from meetings.models import Meeting, Participant, Template
from meetings.plan import MOMENTS, DepartmentPlan, ItemPlan, PersonPlan, Plan
from meetings.queries import agenda_checks, conflicts
from meetings.queries import planning as offers
from meetings.queries.confidential import hidden_ids
from meetings.queries.suggestions import Suggestion, identity, suggestions
from meetings.services import plan_revisions
from people.models import Department, Membership, User


class PlanForms:
    """`data` is what was posted; with `step` it is only taken over, shown again and not complained about."""

    def __init__(
        self,
        *,
        template: Template,
        by: User,
        now: datetime,
        meeting: Meeting | None = None,
        data: QueryDict | None = None,
        step: str = "",
    ) -> None:
        self.template, self.meeting, self.by, self.now = template, meeting, by, now
        self.colleagues = Colleagues.load()
        self.latest = offers.latest_with_figures(template.period_grain)
        self.teams = offers.departments_with_members()
        self.before = planning.of_meeting(meeting) if meeting else None
        self.hidden = hidden_ids(meeting=meeting.pk, user=by) if meeting else set()
        self.offered = self._offered(data)
        self.agenda = self._agenda(data, step)
        bound = data if data is not None and not step else None
        self.schedule = self._schedule(data, bound)
        self.departments = list(self._departments(data, bound))
        self.items = list(self._items(bound))

    # --- beginning ------------------------------------------------------------------------------------
    def _offered(self, data: QueryDict | None) -> list[ItemPlan]:
        """What the rows come from: the type's modules, or the items as they were when the editing began."""
        if self.before is None or self.meeting is None:
            modules = self.template.modules.select_related("department").order_by("order")
            return [ItemPlan.of_module(one) for one in modules]
        revision = whole(data.get("revision", "")) if data else 0
        if revision and revision != self.meeting.revision:
            base = plan_revisions.base_of(self.meeting, revision)
            if base:
                return self._items_of(base)
        return self.before.items

    def _items_of(self, base: merge.Content) -> list[ItemPlan]:
        """Items of an earlier revision. One that is gone and was confidential is known to nobody any more."""
        items = merge.items_of(base)
        there = {item.item_id for item in self.before.items} if self.before else set()
        self.hidden |= {
            item.item_id
            for item in items
            if item.item_id and item.is_confidential and item.item_id not in there
        }
        return items

    @cached_property
    def suggestions(self) -> dict[str, Suggestion]:
        """What the rows' items usually take, by the rows' keys."""
        found = suggestions(template_code=self.template.code, by=self.by)
        known = [
            (key, identity(item)) for key, item in self._by_key().items() if item.item_id not in self.hidden
        ]
        return {key: found[name] for key, name in known if name in found}

    def _by_key(self) -> dict[str, ItemPlan]:
        return {
            f"i{item.item_id}" if item.item_id else f"m{item.module.pk}": item
            for item in self.offered
            if item.item_id or item.module
        }

    def _agenda(self, data: QueryDict | None, step: str) -> AgendaRows:
        if data is None:
            length = self.meeting.planned_minutes if self.meeting else self.template.planned_minutes
            meeting = self.meeting
            start = (
                meeting.starts_at.astimezone(meeting.zone) if meeting else _default_start(self.by, self.now)
            )
            rows = AgendaRows.of_plan(self.offered, length, start, self.colleagues, self.hidden)
        else:
            rows = AgendaRows.of_post(data)
            rows.restore([item for item in self.offered if item.item_id in self.hidden], self.colleagues)
        rows.suggestions = self.suggestions
        if step:
            rows.step(step)
        return rows

    def _schedule(self, data: QueryDict | None, bound: QueryDict | None) -> ScheduleForm:
        initial = self._initial_of_meeting() if self.before else self._initial_of_template()
        periods = offers.period_choices(
            self.template.period_grain,
            timezone.localdate(self.now),
            self.latest,
            self.before.period if self.before else None,
        )
        form = ScheduleForm(
            bound,
            initial=initial,
            colleagues=self.colleagues,
            periods=periods,
            now=self.now,
            was=self.meeting.starts_at if self.meeting else None,
        )
        if data is not None and bound is None:
            typed = {
                name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()
            }
            form.initial = {**typed, "fold": data.get("fold", "")}
        return form

    def _initial_of_template(self) -> dict[str, Any]:
        start = _default_start(self.by, self.now)
        today = timezone.localdate(self.now)
        period = offers.default_period(self.template.period_grain, today, self.latest)
        host = self.by
        # One person, one role: who has one already is not offered for a second.
        executives = [user for user in self.colleagues.with_role(User.Role.EXECUTIVE) if user != host]
        owners = [
            user
            for user in self.colleagues.with_role(User.Role.DATA_OWNER)
            if user != host and user not in executives
        ]
        return {
            "title": f"{self.template.name} {period.label}" if period else self.template.name,
            "date": start.date(),
            "time": start.time(),
            "planned_minutes": self.template.planned_minutes,
            "quorum_percent": self.template.quorum_percent or None,
            "time_zone": self.by.time_zone,
            "period": period.code if period else NO_PERIOD,
            "host": host.pk,
            "executives": [user.pk for user in executives],
            "data_owners": [user.pk for user in owners],
        }

    def _initial_of_meeting(self) -> dict[str, Any]:
        plan = self.before
        assert plan is not None
        assert self.meeting is not None
        start = plan.starts_at.astimezone(self.meeting.zone)
        initial: dict[str, Any] = {
            "title": plan.title,
            "date": start.date(),
            "time": start.time(),
            "fold": str(start.fold),
            "planned_minutes": plan.planned_minutes,
            "quorum_percent": plan.quorum_percent or None,
            "time_zone": plan.time_zone,
            **_initial_period(plan.period),
            "location": plan.location,
            "online_url": plan.online_url,
            "note": plan.note,
            "revision": self.meeting.revision,
            **{name: moments.shown(getattr(plan, name), self.meeting.zone) for name in MOMENTS},
        }
        named = {item.presenter_user for item in plan.items}
        for name, role in ROLE_FIELDS.items():
            chosen = [person.user.pk for person in plan.people if person.role == role]
            if name == "presenters":
                # The others are invited because they speak for a department or are named in the agenda.
                chosen = [
                    person.user.pk
                    for person in plan.people
                    if person.role == role and not person.department and person.user not in named
                ]
            is_single = name in ("host", "timekeeper", "recorder")
            initial[name] = (chosen[0] if chosen else None) if is_single else chosen
        return initial

    def _departments(self, data: QueryDict | None, bound: QueryDict | None) -> Iterator[DepartmentForm]:
        for department, members in self.teams:
            prefix = f"department-{department.pk}"
            speakers = [(str(row.user.pk), row.user.name) for row in members]
            initial = self._initial_of_department(department, members)
            speaker = initial.get("speaker")
            if speaker in self.colleagues.by_id and str(speaker) not in dict(speakers):
                speakers.append((str(speaker), self.colleagues.get(speaker).name))
            form = DepartmentForm(
                bound,
                prefix=prefix,
                initial=initial,
                department=department,
                speakers=speakers,
                colleagues=self.colleagues,
            )
            if data is not None and bound is None:
                form.initial = {
                    name: field.widget.value_from_datadict(data, {}, f"{prefix}-{name}")
                    for name, field in form.fields.items()
                }
            yield form

    def _initial_of_department(self, department: Department, members: list[Membership]) -> dict[str, Any]:
        if self.before:
            row = next((one for one in self.before.departments if one.department == department), None)
            speaker = next(
                (person.user.pk for person in self.before.people if person.department == department), None
            )
            return {
                "takes_part": row is not None,
                "is_required": row.is_required if row else True,
                "needs_preread": row.needs_preread if row else True,
                "speaker": speaker,
            }
        lead = offers.first_lead(members)
        takes_part = department.pk in self._departments_of_template()
        return {
            "takes_part": takes_part,
            "is_required": True,
            "needs_preread": self.template.preread_form != Template.PreReadForm.NONE,
            "speaker": lead.pk if lead and takes_part else None,
        }

    def _departments_of_template(self) -> set[int]:
        """Those that present a module or owe a document."""
        if not hasattr(self, "_template_departments"):
            owing = self.template.modules.values_list("documents__department", flat=True)
            presenting = {item.department.pk for item in self.offered if item.department}
            self._template_departments = presenting | {pk for pk in owing if pk}
        return self._template_departments

    def _items(self, bound: QueryDict | None) -> Iterator[ItemForm]:
        departments = [department for department, _members in self.teams]
        sources = sources_of(self.offered)
        for row in self.agenda.rows:
            prefix = f"items-{row['index']}"
            is_hidden = _whole_or_none(row.get("item_id")) in self.hidden
            if bound is not None and is_hidden and f"{prefix}-item_id" not in bound:
                # It was taken out of the form by somebody who may not take it out: it stays as it is.
                bound = bound.copy()
                bound.update(
                    {f"{prefix}-{name}": value for name, value in row.items() if value not in ("", False)}
                )
            yield ItemForm(
                bound,
                prefix=prefix,
                initial=row,
                departments=departments,
                sources=sources,
                colleagues=self.colleagues,
                is_hidden=is_hidden,
            )

    @property
    def lines(self) -> list[tuple[ItemForm, Timing | None, Suggestion | None]]:
        """The rows of the agenda in order, each with its times and what it usually takes."""
        return [
            (form, timing, self.suggestions.get(form.row_key))
            for form, (_index, timing) in zip(self.items, self.agenda.clocks, strict=True)
        ]

    @property
    def can_take_all(self) -> bool:
        """Whether there is something to take over: an item that usually takes other minutes than planned."""
        return any(
            usual
            and not row["is_pinned"]
            and (usual.report, usual.discussion) != (slot.report, slot.discussion)
            for row, slot in zip(self.agenda.rows, self.agenda.slots, strict=True)
            for usual in [self.suggestions.get(str(row["key"]))]
        )

    @property
    def moments(self) -> list[moments.Moment]:
        return moments.moments(
            self.schedule,
            template=self.template,
            starts_at=self.agenda.starts_at,
            meeting=self.meeting,
            now=self.now,
        )

    @property
    def has_moment_errors(self) -> bool:
        return self.schedule.is_bound and any(name in self.schedule.errors for name in MOMENTS)

    @property
    def has_more_roles(self) -> bool:
        """Whether one of the roles that are folded away is taken, or wrong."""
        names = ("deputy_hosts", "presenters")
        wrong = self.schedule.errors if self.schedule.is_bound else {}
        return any(self.schedule[name].value() for name in names) or any(
            name in wrong for name in (*names, "data_owners")
        )

    @cached_property
    def clashes(self) -> list[str]:
        """Sentences about people and places that are taken at the time in the form; none while it is not known."""
        starts_at, minutes = self.agenda.starts_at, self.agenda.planned
        if starts_at is None or abs(starts_at - self.now) > FARTHEST or not 5 <= minutes <= 1440:
            return []
        found = conflicts.conflicts(
            starts_at=starts_at,
            minutes=minutes,
            people=self._people_typed(),
            location=str(self.schedule["location"].value() or ""),
            by=self.by,
            except_meeting=self.meeting,
        )
        return agenda_checks.sentences(found)

    def _people_typed(self) -> list[User]:
        """Everybody who stands somewhere in the form, each once."""
        values = [self.schedule[name].value() for name in ROLE_FIELDS]
        values += [form["speaker"].value() for form in self.departments if form["takes_part"].value()]
        named = [self.colleagues.find(str(row.get("person") or "")) for row in self.agenda.rows]
        keys = [key for value in values for key in (value if isinstance(value, list | tuple) else [value])]
        found = [self.colleagues.by_id.get(_whole_or_none(key) or 0) for key in keys]
        return list(dict.fromkeys(user for user in (*found, *named) if user))

    @cached_property
    def places(self) -> list[str]:
        return conflicts.places_used(self.by)

    # --- end --------------------------------------------------------------------------------------------
    def is_valid(self) -> bool:
        forms = [self.schedule, *self.departments, *self.items]
        # Every form is asked, so that all that is wrong is said at once.
        answers = [form.is_valid() for form in forms]
        return all(answers) and self._has_items()

    def _has_items(self) -> bool:
        if self.items:
            return True
        self.schedule.add_error(None, _("The agenda is empty. Add at least one item."))
        return False

    @property
    def problems(self) -> list[Any]:
        """The forms that are wrong, for the summary at the top."""
        return [form for form in (*self.departments, *self.items) if form.is_bound and form.errors]

    def plan(self) -> Plan:
        """The plan; call it when all forms are valid."""
        data = self.schedule.cleaned_data
        return Plan(
            template=self.template,
            title=data["title"],
            host=data["host"],
            starts_at=data["starts_at"],
            time_zone=data["time_zone"],
            planned_minutes=data["planned_minutes"],
            period=data["period_value"],
            quorum_percent=data["quorum_percent"] or 0,
            location=data["location"],
            online_url=data["online_url"],
            note=data["note"],
            **{name: self._moment(name, data[name]) for name in MOMENTS},
            departments=[
                DepartmentPlan(
                    department=form.department,
                    is_required=form.cleaned_data["is_required"],
                    needs_preread=form.cleaned_data["needs_preread"],
                )
                for form in self.departments
                if form.cleaned_data["takes_part"]
            ],
            people=self._people(data),
            items=[form.plan() for form in self.items],
        )

    def _moment(self, name: str, typed: datetime | None) -> datetime | None:
        """The instant; one that was shown to the minute and left alone keeps its seconds."""
        was = getattr(self.before, name) if self.before else None
        return was if was and typed == was.replace(second=0, microsecond=0) else typed

    def _people(self, data: dict[str, Any]) -> list[PersonPlan]:
        """Role holders, then the speakers of departments and of items; who has another role keeps that one."""
        roles = roles_of(data)
        speaks_for: dict[User, Department] = {}
        for form in self.departments:
            speaker = form.cleaned_data["speaker"]
            if form.cleaned_data["takes_part"] and speaker:
                speaks_for.setdefault(speaker, form.department)
        named = [form.cleaned_data["person"] for form in self.items if form.cleaned_data.get("person")]
        for user in [*speaks_for, *named]:
            if roles.get(user) in (None, Participant.Role.MEMBER, Participant.Role.OPTIONAL):
                roles[user] = Participant.Role.PRESENTER
        return [
            PersonPlan(user=user, role=role, department=speaks_for.get(user)) for user, role in roles.items()
        ]

    @property
    def gone(self) -> list[User]:
        """People of the meeting who have left since; they are not taken over."""
        people = self.before.people if self.before else []
        return [person.user for person in people if not person.user.is_active]


def _default_start(by: User, now: datetime) -> datetime:
    """Ten days ahead at two in the afternoon, so that pre-reads have their seven days; never on a weekend."""
    start = next_full_hour(now, by.zone).replace(hour=14) + timedelta(days=10)
    while start.weekday() >= 5:
        start += timedelta(days=1)
    return start


def _initial_period(period: Period | None) -> dict[str, Any]:
    if period is None:
        return {"period": NO_PERIOD}
    if period.grain == "range":
        return {"period": OWN_PERIOD, "period_from": period.start, "period_to": period.last}
    return {"period": period.code}


def _whole_or_none(value: Any) -> int | None:
    return whole(str(value or "")) or None
