"""Who gets what from every address: the table that the matrix of tests compares the site with.

One row: method, name of the address, the object in it (see `world.py`), then the answers in the order of PEOPLE.
"in" is the way to the login, a number the status. "all 405" stands for everybody who is logged in. Nothing is posted,
so that 302 and 422 both say: this person may, and the form speaks. A name of the site that is not in the table fails
a test, and so does a step of an action.
"""

from tests.access import (
    expected_actions,
    expected_channels,
    expected_delivery,
    expected_duties,
    expected_engine,
    expected_figures,
    expected_imports,
    expected_issues,
    expected_ladder,
    expected_minutes,
    expected_people,
    expected_prereads,
    expected_recorder,
    expected_room,
    expected_screens,
    expected_talk,
    expected_terms,
    expected_updates,
    expected_views,
)

PEOPLE = "anon inactive nobody b_lead a_member a_lead host exec data admin recorder runs".split()

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# My work: everybody has a page of their own.
GET  dashboard:my_work                    -                      in  in  all 200
POST dashboard:my_work                    -                      in  in  all 405
GET  dashboard:search                     -                      in  in  all 200
POST dashboard:search                     -                      in  in  all 405

# Notices: /healthz is for monitors; a notice is its recipient's alone, whatever role somebody else has.
GET  notices:health                       -                     200 200  all 200
POST notices:health                       -                     405 405  all 405
GET  notices:list                         -                      in  in  all 200
POST notices:list                         -                      in  in  all 405
GET  notices:bell                         -                      in  in  all 200
POST notices:bell                         -                      in  in  all 405
GET  notices:mark_all_read                -                      in  in  all 405
POST notices:mark_all_read                -                      in  in  all 302
GET  notices:mark_read                    notice                 in  in  all 405
POST notices:mark_read                    notice                 in  in 404 404 302 404 404 404 404 404 404 404
GET  notices:open                         notice                 in  in 404 404 302 404 404 404 404 404 404 404
POST notices:open                         notice                 in  in  all 405

# Calendars: one's own address; behind the wrong one is nothing, whoever asks. Replies are for a gateway's secret.
GET  meetings:calendar                    -                      in  in  all 200
POST meetings:calendar                    -                      in  in  all 200
PUT  meetings:calendar                    -                      in  in  all 405
GET  meetings:calendar_revoke             -                      in  in  all 405
POST meetings:calendar_revoke             -                      in  in  all 302
GET  calendar_feed                        token.wrong           404 404  all 404
POST calendar_feed                        token.wrong           405 405  all 405
GET  meetings:replies                     -                     405 405  all 405
POST meetings:replies                     -                     404 404  all 404

# Preferences: the login page has a language, too.
GET  core:set_preferences                 -                     405 405  all 405
POST core:set_preferences                 -                     302 302  all 302

# Lists, and calling a meeting: hosts, executives and administrators.
GET  meetings:list                        -                      in  in  all 200
POST meetings:list                        -                      in  in  all 405
GET  meetings:new                         -                      in  in 403 403 403 403 200 200 403 200 403 403
POST meetings:new                         -                      in  in 403 403 403 403 200 200 403 200 403 403
PUT  meetings:new                         -                      in  in  all 405
GET  meetings:agenda_check                -                      in  in  all 405
POST meetings:agenda_check                -                      in  in  all 200
GET  meetings:look_new                    -                      in  in  all 405
POST meetings:look_new                    -                      in  in 403 403 403 403 404 404 403 404 403 403

# Types of meeting: for those who may call one; to all others they do not exist. What meetings cost: the same people
# read it, executives and administrators set the rates.
GET  meetings:templates                   -                      in  in 404 404 404 404 200 200 404 200 404 404
POST meetings:templates                   -                      in  in  all 405
GET  meetings:template                    type                   in  in 404 404 404 404 200 200 404 200 404 404
GET  meetings:template                    type.none              in  in  all 404
POST meetings:template                    type                   in  in  all 405
GET  meetings:template_version            type.version           in  in 404 404 404 404 200 200 404 200 404 404
POST meetings:template_version            type.version           in  in  all 405
GET  meetings:template_edit               type                   in  in 404 404 404 404 200 200 404 200 404 404
POST meetings:template_edit               type                   in  in 404 404 404 404 200 200 404 200 404 404
PUT  meetings:template_edit               type                   in  in  all 405
GET  meetings:template_copy               type                   in  in 404 404 404 404 200 200 404 200 404 404
POST meetings:template_copy               type                   in  in 404 404 404 404 200 200 404 200 404 404
PUT  meetings:template_copy               type                   in  in  all 405
GET  meetings:template_retire             type.unused            in  in  all 405
POST meetings:template_retire             type.unused            in  in 404 404 404 404 302 302 404 302 404 404
GET  meetings:template_bring_back         type.unused            in  in  all 405
POST meetings:template_bring_back         type.unused            in  in 404 404 404 404 302 302 404 302 404 404
GET  meetings:cost                        -                      in  in 404 404 404 404 200 200 404 200 404 404
POST meetings:cost                        -                      in  in  all 405
GET  meetings:cost_rate                   -                      in  in  all 405
POST meetings:cost_rate                   -                      in  in 404 404 404 404 403 422 404 422 404 404
GET  meetings:cost_rate_remove            ?                      in  in  all 405
POST meetings:cost_rate_remove            ?                      in  in 404 404 404 404 403 404 404 404 404 404

# One meeting. A draft is for whoever prepares it and for company roles; later for those invited, and their departments.
GET  meetings:detail                      meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:detail                      meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:detail                      meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:detail                      meeting.ended          in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:detail                      ?                      in  in  all 404
POST meetings:detail                      meeting.scheduled      in  in  all 405
GET  meetings:reply                       meeting.scheduled      in  in  all 405
POST meetings:reply                       meeting.draft          in  in 404 404 404 404 404 404 404 404 404 302
POST meetings:reply                       meeting.scheduled      in  in 404 404 404 404 404 404 404 404 302 302

# Its plan: the host and administrators change it, others who see it may not (403), the rest does not know of it (404).
GET  meetings:edit                        meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
GET  meetings:edit                        meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:edit                        meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
POST meetings:edit                        meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:edit                        meeting.ended          in  in 404 404 403 403 403 403 403 302 403 302
PUT  meetings:edit                        meeting.scheduled      in  in  all 405
GET  meetings:look                        meeting.draft          in  in  all 405
POST meetings:look                        meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
POST meetings:look                        meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
GET  meetings:check                       meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
GET  meetings:check                       meeting.scheduled      in  in 404 404 403 403 403 403 403 302 403 302
POST meetings:check                       meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
PUT  meetings:check                       meeting.draft          in  in  all 405
GET  meetings:cancel                      meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
GET  meetings:cancel                      meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:cancel                      meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
POST meetings:cancel                      meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
PUT  meetings:cancel                      meeting.draft          in  in  all 405

# Series: seen by who may read one of their meetings; changed and ended by their host and administrators.
GET  meetings:series_list                 -                      in  in  all 200
POST meetings:series_list                 -                      in  in  all 405
GET  meetings:series                      series                 in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:series                      ?                      in  in  all 404
POST meetings:series                      series                 in  in  all 405
GET  meetings:change_series               series                 in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:change_series               series                 in  in 404 404 403 403 403 403 403 422 403 422
PUT  meetings:change_series               series                 in  in  all 405
GET  meetings:end_series                  series                 in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:end_series                  series                 in  in 404 404 403 403 403 403 403 422 403 422
PUT  meetings:end_series                  series                 in  in  all 405
GET  meetings:skip_date                   series                 in  in  all 405
POST meetings:skip_date                   series                 in  in 404 404 403 403 403 403 403 302 403 302
GET  meetings:repeat                      meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
GET  meetings:repeat                      meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
GET  meetings:repeat                      meeting.of_series      in  in 404 404 403 403 403 403 403 302 403 302
GET  meetings:repeat                      meeting.ended          in  in 404 404 403 403 403 403 403 302 403 302
POST meetings:repeat                      meeting.draft          in  in 404 404 404 404 403 403 403 422 404 422
PUT  meetings:repeat                      meeting.draft          in  in  all 405

# Open matters: brought over and dropped by whoever plans the meeting, put off by whoever keeps its record.
GET  meetings:carry                       meeting.of_series      in  in  all 405
POST meetings:carry                       meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
POST meetings:carry                       meeting.of_series      in  in 404 404 403 403 403 403 403 302 403 302
GET  meetings:drop_carried                item.carried           in  in  all 405
POST meetings:drop_carried                item.carried           in  in 404 404 403 403 403 403 403 302 403 302
POST meetings:drop_carried                item.not_carried       in  in 404 404 403 403 403 403 403 404 403 404
GET  meetings:review_parked               parked.of_series       in  in  all 405
POST meetings:review_parked               parked.of_series       in  in 404 404 403 403 403 403 403 302 302 302
POST meetings:review_parked               parked.other           in  in 404 404 403 403 403 403 403 404 404 404
GET  actions:agenda_list                  list.draft             in  in 404 404 404 404 200 200 200 200 404 200
GET  actions:agenda_list                  list.scheduled         in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:agenda_list                  list.unknown           in  in  all 404
POST actions:agenda_list                  list.scheduled         in  in  all 405

# Its pack: whoever sees the meeting; a personal pack is its reader's alone. Being ready is for those who run it.
GET  meetings:pack                        meeting.draft          in  in 404 404 404 404 302 302 302 302 404 302
GET  meetings:pack                        meeting.scheduled      in  in 404 404 302 302 302 302 302 302 302 302
POST meetings:pack                        meeting.scheduled      in  in  all 405
GET  meetings:pack_ask                    meeting.scheduled      in  in  all 405
POST meetings:pack_ask                    meeting.draft          in  in 404 404 404 404 302 302 302 302 404 302
POST meetings:pack_ask                    meeting.scheduled      in  in 404 404 302 302 302 302 302 302 302 302
GET  meetings:pack_file                   pack.all               in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:pack_file                   pack.personal          in  in 404 404 404 404 404 404 404 404 404 200
POST meetings:pack_file                   pack.all               in  in  all 405
GET  meetings:print                       meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:print                       meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:print                       meeting.scheduled      in  in  all 405
GET  meetings:ready                       meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
GET  meetings:ready                       meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
GET  meetings:ready                       meeting.ended          in  in 404 404 403 403 403 403 403 302 403 302
POST meetings:ready                       meeting.scheduled      in  in  all 405

# Accounts: made by the administrator, who also keeps the addresses; people change their password.
GET  account_login                        -                     200 200  all 302
POST account_login                        -                     200 200  all 302
GET  account_logout                       -                      in  in  all 200
POST account_logout                       -                      in  in  all in
GET  account_signup                       -                     200 200  all 302
POST account_signup                       -                     200 200  all 302
GET  account_inactive                     -                     200 200  all 200
GET  account_change_password              -                      in  in  all 200
POST account_change_password              -                      in  in  all 200
GET  account_reset_password               -                     200 200  all 200
POST account_reset_password               -                     200 200  all 200
GET  account_reset_password_done          -                     200 200  all 200
GET  account_reset_password_from_key      link                  200 200  all 200
POST account_reset_password_from_key      link                  200 200  all 200
GET  account_reset_password_from_key_done -                     200 200  all 200
"""

# The rows of parts that have many of them.
PARTS = [
    expected_prereads.TABLE,
    expected_room.TABLE,
    expected_actions.TABLE,
    expected_talk.TABLE,
    expected_terms.TABLE,
    expected_updates.TABLE,
    expected_figures.TABLE,
    expected_channels.TABLE,
    expected_delivery.TABLE,
    expected_duties.TABLE,
    expected_imports.TABLE,
    expected_issues.TABLE,
    expected_ladder.TABLE,
    expected_engine.TABLE,
    expected_people.TABLE,
    expected_recorder.TABLE,
    expected_minutes.TABLE,
    expected_screens.TABLE,
    expected_views.TABLE,
]


def rows() -> list[tuple[str, str, str, list[str]]]:
    """(method, name, object, the answers by PEOPLE)."""
    found = []
    for line in "\n".join([TABLE, *PARTS]).splitlines():
        if not line or line.startswith("#"):
            continue
        method, name, what, anonymous, inactive, *others = line.split()
        if others[0] == "all":
            others = others[1:] * (len(PEOPLE) - 2)
        assert len(others) == len(PEOPLE) - 2, line
        found.append((method, name, what, [anonymous, inactive, *others]))
    return found
