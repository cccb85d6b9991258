"""The list as an Excel workbook, to be worked on and perhaps read back."""

from collections.abc import Sequence
from typing import IO

from django.utils.translation import gettext as _

from actions.exports.columns import COLUMNS, People, cells
from actions.models import Action
from core import workbooks


def write(stream: IO[bytes], actions: Sequence[Action]) -> None:
    people = People(actions)
    workbooks.write(
        stream,
        name=_("Actions"),
        columns=[
            workbooks.Column(str(one.label), one.width, is_hidden=one.code == "mark") for one in COLUMNS
        ],
        rows=(cells(action, people) for action in actions),
    )
