"""The site's Celery with a quick beat: `celery -A tests.faults.ticking beat`."""

from config.celery import app

app.conf.beat_schedule = {
    "dispatch-notices": {"task": "notices.dispatch", "schedule": 1.0, "options": {"expires": 5}}
}
