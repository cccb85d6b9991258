"""Celery carries "wake up and look at the table"; whatever matters is a row in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("fupan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Plain intervals only: a missed or doubled tick is harmless, because each task asks the tables what is due.
app.conf.beat_schedule = {
    # Send the notices that are due.
    "dispatch-notices": {"task": "notices.dispatch", "schedule": 15.0, "options": {"expires": 15}},
    # Plan again from the records, so that a promise lost to bulk SQL or a restore is made good.
    "reconcile-notices": {"task": "notices.reconcile", "schedule": 600.0, "options": {"expires": 600}},
    # Take up uploads whose worker died.
    "resume-uploads": {"task": "metrics.resume_uploads", "schedule": 60.0, "options": {"expires": 60}},
    # Have packs made that go out soon, take up those whose worker died, delete old ones.
    "look-after-packs": {"task": "meetings.look_after_packs", "schedule": 60.0, "options": {"expires": 60}},
    # Take in what calendars replied by mail; nothing to do where no mailbox is set.
    "read-replies": {"task": "meetings.read_replies", "schedule": 60.0, "options": {"expires": 60}},
    # Freeze the figures of meetings whose chosen moment has come.
    "freeze-figures": {"task": "meetings.freeze_figures", "schedule": 30.0, "options": {"expires": 30}},
    # Approve minutes whose time for objections has run out.
    "settle-minutes": {"task": "meetings.settle_minutes", "schedule": 60.0, "options": {"expires": 60}},
    # Judge measured criteria, in case the bell of an import was lost.
    "judge-criteria": {"task": "actions.judge_criteria", "schedule": 900.0, "options": {"expires": 900}},
    # Agendas of progress meetings follow the actions; updates are asked for; unanswered calls for help are taken up.
    "build-agendas": {"task": "actions.build_agendas", "schedule": 60.0, "options": {"expires": 60}},
    # Note when the line of an incident had been reached.
    "settle-problems": {"task": "actions.settle_problems", "schedule": 60.0, "options": {"expires": 60}},
    # Make the meetings of series ahead of time.
    "extend-series": {"task": "meetings.extend_series", "schedule": 3600.0, "options": {"expires": 3600}},
}
