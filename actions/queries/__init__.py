"""Reads: the numbers of the list, what waits for a person, the plan of a meeting."""

from actions.queries.plan import Line, Plan, plan_of
from actions.queries.standing import WEEK, Standing, standing
from actions.queries.tasks import tasks_for, waiting_for, work_for

__all__ = ["WEEK", "Line", "Plan", "Standing", "plan_of", "standing", "tasks_for", "waiting_for", "work_for"]
