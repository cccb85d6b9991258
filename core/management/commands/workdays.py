"""Exceptional days from a file: China's make-up workdays of a new year, once they are published."""

import json
from argparse import FileType
from datetime import date
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import workdays
from core.models import WorkdayOverride

FIELDS = ("day", "is_workday", "name_zh", "name_en", "region")
LONGEST_NAME = 120


class WrongDayError(Exception):
    """An entry of the file that cannot be taken over, and why."""


class Command(BaseCommand):
    help = (
        "Take over exceptional days from a JSON file: a list of objects such as "
        '{"day": "2027-01-03", "is_workday": true, "name_zh": "元旦调休上班", "name_en": "make-up workday", '
        '"region": "CN"}. Names may be left out, the region is CN when left out. Running it twice changes nothing.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=FileType("rb"), help="the JSON file, or - for standard input")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = _rows(_read(options["file"]))
        with transaction.atomic():
            created, changed = _take_over(wanted)
            if options["dry_run"]:
                transaction.set_rollback(True)
        words = ngettext("%(count)d day read", "%(count)d days read", len(wanted)) % {"count": len(wanted)}
        numbers = _("%(created)d new, %(changed)d changed") % {"created": created, "changed": changed}
        closing = _(" (tried only, nothing is stored)") if options["dry_run"] else ""
        self.stdout.write(f"{words}: {numbers}{closing}")


def _read(file: IO[bytes]) -> list[Any]:
    try:
        data = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CommandError(_("The file is not UTF-8 text. Save it as UTF-8 and try again.")) from None
    except ValueError as error:
        raise CommandError(_("The file is no JSON: %(error)s") % {"error": error}) from None
    if not isinstance(data, list):
        raise CommandError(_("The file must hold a list of days, beginning with [ and ending with ]."))
    return data


def _rows(data: list[Any]) -> list[WorkdayOverride]:
    """The days of the file; all that is wrong is said at once, and then nothing is taken over."""
    rows: dict[tuple[str, date], WorkdayOverride] = {}
    problems = []
    for number, entry in enumerate(data, start=1):
        try:
            row = _row(entry)
        except WrongDayError as error:
            problem = str(error)
        else:
            if rows.setdefault((row.region, row.day), row) is row:
                continue
            problem = _("the day %(day)s stands in the file twice") % {"day": row.day}
        problems.append(_("Entry %(number)d: %(problem)s.") % {"number": number, "problem": problem})
    if problems:
        raise CommandError("\n".join([*problems, _("Nothing was taken over.")]))
    return list(rows.values())


def _row(entry: Any) -> WorkdayOverride:
    if not isinstance(entry, dict):
        raise WrongDayError(_("it is no object with the fields %(fields)s") % {"fields": ", ".join(FIELDS)})
    if unknown := set(entry) - set(FIELDS):
        raise WrongDayError(_("the field “%(field)s” is not known") % {"field": min(unknown)})
    try:
        day = date.fromisoformat(entry.get("day", ""))
    except (TypeError, ValueError):
        raise WrongDayError(
            _("“%(day)s” is no day; write it like 2027-01-03") % {"day": entry.get("day", "")}
        ) from None
    if not isinstance(entry.get("is_workday"), bool):
        raise WrongDayError(_("is_workday must be true or false"))
    region = entry.get("region", "CN")
    if not isinstance(region, str) or not region or not workdays.is_known(region):
        raise WrongDayError(_("“%(region)s” is no region whose holidays are known") % {"region": region})
    names = [entry.get("name_zh") or "", entry.get("name_en") or ""]
    if any(not isinstance(name, str) or len(name) > LONGEST_NAME for name in names):
        raise WrongDayError(_("a name is a text of at most 120 characters"))
    standard = ("调休上班", "make-up workday") if entry["is_workday"] else ("放假", "day off")
    zh, en = names if any(names) else standard
    return WorkdayOverride(
        region=region, day=day, is_workday=entry["is_workday"], name_zh=zh or en, name_en=en or zh
    )


def _take_over(wanted: list[WorkdayOverride]) -> tuple[int, int]:
    """How many rows were new and how many changed."""
    created = changed = 0
    for row in wanted:
        values = {"is_workday": row.is_workday, "name_zh": row.name_zh, "name_en": row.name_en}
        stored, is_new = WorkdayOverride.objects.get_or_create(
            region=row.region, day=row.day, defaults=values
        )
        if is_new:
            created += 1
        elif any(getattr(stored, name) != value for name, value in values.items()):
            WorkdayOverride.objects.filter(pk=stored.pk).update(**values)
            changed += 1
    return created, changed
