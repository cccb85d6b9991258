"""The process of the live rooms' streams: gunicorn config.events:application --worker-class asgi --workers 1.

It holds one open connection per screen, which the web server's threads could not, and touches the database only when
something has happened. Without it rooms go on by polling.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from meetings.stream.app import Streams  # noqa: E402 - needs the models

application = Streams()
