"""Everything that happens before a meeting, walked through in English: planned, written, settled, packed, frozen, held.

In Chromium, with a real worker and a real mail server; pages are watched as in the other journey.
"""

import pytest

from tests.journey import steps_planning as planning
from tests.journey import steps_prereads as prereads
from tests.journey import steps_readiness as readiness


@pytest.fixture
def language() -> str:
    return "en"


@pytest.mark.django_db(transaction=True)
def test_from_plan_to_frozen_figures(visit, smtp_sink, tmp_path):
    host, sales, data, marketing, boss = map(visit, ("host", "sales", "data", "marketing", "boss"))
    planning.import_reports(tmp_path)
    meeting = planning.plan_review(host)
    planning.invitations_arrive(smtp_sink, meeting)
    series = planning.plan_series(host, smtp_sink)
    planning.move_one_and_leave_one_out(host, series, smtp_sink)

    prereads.write(sales, meeting)
    prereads.closed_to_others(marketing, meeting)
    prereads.state_another_figure(sales, data, meeting)
    prereads.submit(sales, meeting, "sales")
    prereads.settle(data, meeting)
    prereads.send_back(data, meeting)
    prereads.mend(sales, meeting)
    prereads.certify(data, meeting)
    prereads.read_and_ask(boss, meeting)
    prereads.answer(sales, meeting)
    prereads.compare(boss, meeting)

    readiness.look_and_remind(host, meeting)
    readiness.give_more_time(host, meeting)
    readiness.make_the_pack(host, meeting)
    readiness.declare_ready(host, meeting)
    readiness.agenda_arrives(smtp_sink, meeting)
    readiness.freeze(host, meeting)
    readiness.a_later_report_changes_a_figure(host, meeting, tmp_path)
    readiness.hold(host, boss, meeting)
    readiness.subscribe(marketing, meeting)
