from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.periods import Period
from dashboard.demo import company
from dashboard.demo.people import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Load the demo company: people, a year of real reports, past, present and coming meetings. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--until", metavar="2026-01", help="leave out the reports of later months, to import them by hand"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo company has logins with a published password, so it is refused while DEBUG is off."
            )
        try:
            until = Period.parse(options["until"]) if options["until"] else None
        except ValueError as error:
            raise CommandError(
                f"--until: {options['until']!r} is no month; write it like 2026-01."
            ) from error
        company.load(
            now=timezone.now(), until=until, say=self.stderr.write if options["verbosity"] > 1 else None
        )
        self.stdout.write(f"Logins: {', '.join(person.email for person in PEOPLE)}\nPassword: {PASSWORD}")
