"""Who gets what from every address: the table that the matrix of tests compares the site with.

One row: method, name of the address, the object in it (see `world.py`), then the answers in the order of PEOPLE.
"in" is the way to the login, a number the status. "all 405" stands for everybody who is logged in. Nothing is posted,
so that 302 and 422 both say: this person may, and the form speaks. A name of the site that is not in the table fails
a test, and so does a step of an action.
"""

from tests.access import (
    expected_duties,
    expected_engine,
    expected_issues,
    expected_minutes,
    expected_people,
    expected_recorder,
    expected_screens,
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

# Pre-reads. The working text is its department's and the data owner's; what was submitted is for all who see the
# meeting. preread.submitted is being rewritten: attachment.later came after what was submitted.
GET  meetings:preread                     preread.draft          in  in 404 404 200 200 404 404 200 404 404 404
GET  meetings:preread                     preread.submitted      in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:preread                     preread.other          in  in  all 404
POST meetings:preread                     preread.draft          in  in 404 404 302 302 404 404 403 404 404 404
POST meetings:preread                     preread.submitted      in  in 404 404 302 302 403 403 403 403 403 403
PUT  meetings:preread                     preread.draft          in  in  all 405
GET  meetings:preread_text                preread.draft          in  in  all 405
POST meetings:preread_text                preread.draft          in  in 404 404 409 409 404 404 403 404 404 404
POST meetings:preread_text                preread.submitted      in  in 404 404 409 409 403 403 403 403 403 403
GET  meetings:preread_row                 row.draft              in  in  all 405
POST meetings:preread_row                 row.draft              in  in 404 404 409 409 404 404 403 404 404 404
POST meetings:preread_row                 row.other              in  in 404 404 404 404 403 403 403 403 403 403
GET  meetings:preread_statement           figure.draft           in  in  all 405
POST meetings:preread_statement           figure.draft           in  in 404 404 409 409 404 404 403 404 404 404
POST meetings:preread_statement           figure.other           in  in 404 404 404 404 404 404 403 404 404 404
GET  meetings:preread_effort              preread.draft          in  in  all 405
POST meetings:preread_effort              preread.draft          in  in 404 404 200 200 404 404 403 404 404 404
POST meetings:preread_effort              preread.submitted      in  in 404 404 200 200 403 403 403 403 403 403
GET  meetings:preread_files               preread.draft          in  in  all 405
POST meetings:preread_files               preread.draft          in  in 404 404 302 302 404 404 403 404 404 404
POST meetings:preread_files               preread.submitted      in  in 404 404 302 302 403 403 403 403 403 403

# Reading what was submitted goes where it goes, and so do comments on it; who has read it is for the department and
# whoever runs the meeting. revision.none: nothing was submitted; comment.other: of another meeting's pre-read.
GET  meetings:preread_revision            revision.shown         in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:preread_revision            revision.none          in  in  all 404
POST meetings:preread_revision            revision.shown         in  in  all 405
GET  meetings:preread_changes             revision.shown         in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:preread_changes             revision.none          in  in  all 404
POST meetings:preread_changes             revision.shown         in  in  all 405
GET  meetings:preread_mark_read           revision.shown         in  in  all 405
POST meetings:preread_mark_read           revision.shown         in  in 404 404 302 302 302 302 302 302 302 302
POST meetings:preread_mark_read           revision.none          in  in  all 404
GET  meetings:preread_remind_readers      preread.submitted      in  in  all 405
POST meetings:preread_remind_readers      preread.submitted      in  in 404 404 302 302 403 403 403 302 403 302
GET  meetings:preread_comments            preread.draft          in  in  all 404
GET  meetings:preread_comments            preread.submitted      in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:preread_comments            preread.draft          in  in  all 404
POST meetings:preread_comments            preread.submitted      in  in 404 404 422 422 422 422 422 422 422 422
PUT  meetings:preread_comments            preread.submitted      in  in  all 405
GET  meetings:preread_comment             comment.shown          in  in  all 405
POST meetings:preread_comment             comment.shown          in  in 404 404 422 422 422 422 422 422 422 422
POST meetings:preread_comment             comment.other          in  in  all 404

# More time for a department: whoever runs the meeting, and the data owner.
GET  meetings:preread_extend              preread.draft          in  in 404 404 403 403 403 403 200 200 403 200
POST meetings:preread_extend              preread.draft          in  in 404 404 403 403 403 403 422 422 403 422
PUT  meetings:preread_extend              preread.draft          in  in  all 405

# Reminding a department: whoever runs the meeting.
GET  meetings:nudge                       meeting.scheduled      in  in  all 405
POST meetings:nudge                       meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
POST meetings:nudge                       meeting.scheduled      in  in 404 404 403 403 403 403 403 302 403 302

# Files of pre-reads go where their text goes.
GET  meetings:attachment                  attachment.draft       in  in 404 404 200 200 404 404 200 404 404 404
GET  meetings:attachment                  attachment.submitted   in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:attachment                  attachment.later       in  in 404 404 200 200 404 404 200 404 404 404
POST meetings:attachment                  attachment.draft       in  in  all 405
GET  meetings:remove_attachment           attachment.draft       in  in  all 405
POST meetings:remove_attachment           attachment.draft       in  in 404 404 302 302 404 404 403 404 404 404
POST meetings:remove_attachment           attachment.submitted   in  in 404 404 302 302 403 403 403 403 403 403
POST meetings:remove_attachment           attachment.later       in  in 404 404 302 302 404 404 403 404 404 404

# Figures that differ: the page is for all who see the meeting (its parts are not), the word is the data owner's.
GET  meetings:figures                     meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:figures                     meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:figures                     meeting.scheduled      in  in  all 405
GET  meetings:figures_news                meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:figures_news                meeting.scheduled      in  in  all 405
GET  meetings:rule_figure                 statement.draft        in  in  all 405
POST meetings:rule_figure                 statement.draft        in  in 404 404 403 403 403 403 422 403 403 403
GET  meetings:review_preread              preread.draft          in  in  all 405
POST meetings:review_preread              preread.draft          in  in 404 404 403 403 403 403 404 403 403 403
GET  meetings:open_points                 meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:open_points                 meeting.scheduled      in  in  all 405
GET  meetings:declare_ready               meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:declare_ready               meeting.scheduled      in  in 404 404 403 403 403 403 403 422 403 422
PUT  meetings:declare_ready               meeting.scheduled      in  in  all 405
GET  meetings:freeze                      meeting.scheduled      in  in  all 405
POST meetings:freeze                      meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
POST meetings:freeze                      meeting.scheduled      in  in 404 404 403 403 403 403 403 302 403 302

# The room. *.other: an item, note or decision of another meeting under this meeting's address.
# With points open, starting asks for a reason (422).
GET  meetings:start                       meeting.scheduled      in  in 404 404 403 403 403 403 403 200 403 200
PUT  meetings:start                       meeting.scheduled      in  in  all 405
POST meetings:start                       meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
POST meetings:start                       meeting.scheduled      in  in 404 404 403 403 403 403 403 422 403 422
GET  meetings:live                        meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live                        meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:live                        meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:live                        meeting.ended          in  in 404 404 302 302 302 302 302 302 302 302
POST meetings:live                        meeting.running        in  in  all 405
GET  meetings:live_state                  meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_state                  meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_state                  meeting.running        in  in  all 405
GET  meetings:live_stream                 meeting.draft          in  in 404 404 404 404 204 204 204 204 404 204
GET  meetings:live_stream                 meeting.running        in  in 404 404 204 204 204 204 204 204 204 204
POST meetings:live_stream                 meeting.running        in  in  all 405
GET  meetings:live_command                meeting.running        in  in  all 405
POST meetings:live_command                meeting.draft          in  in 404 404 404 404 403 403 403 404 404 404
POST meetings:live_command                meeting.running        in  in 404 404 403 403 403 403 403 404 403 404
GET  meetings:live_panel                  item.draft             in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_panel                  item.running           in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:live_panel                  item.other             in  in  all 404
POST meetings:live_panel                  item.running           in  in  all 405
GET  meetings:live_record                 item.draft             in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_record                 item.running           in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:live_record                 item.other             in  in  all 404
POST meetings:live_record                 item.running           in  in  all 405

# The record: the recorder, the host, administrators. Drafts are refused in words (302 with a message, 422).
GET  meetings:add_note                    meeting.running        in  in  all 405
POST meetings:add_note                    meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
POST meetings:add_note                    meeting.running        in  in 404 404 403 403 403 403 403 302 302 302
POST meetings:add_note                    meeting.ended          in  in 404 404 403 403 403 403 403 302 302 302
GET  meetings:save_note                   note.running           in  in  all 405
POST meetings:save_note                   note.running           in  in 404 404 403 403 403 403 403 302 302 302
POST meetings:save_note                   note.ended             in  in 404 404 403 403 403 403 403 302 302 302
POST meetings:save_note                   note.other             in  in 404 404 403 403 403 403 403 404 404 404
GET  meetings:remove_note                 note.running           in  in  all 405
POST meetings:remove_note                 note.running           in  in 404 404 403 403 403 403 403 302 302 302
POST meetings:remove_note                 note.other             in  in 404 404 403 403 403 403 403 404 404 404
GET  meetings:record_decision             meeting.running        in  in  all 405
POST meetings:record_decision             meeting.draft          in  in 404 404 404 404 403 403 403 422 404 422
POST meetings:record_decision             meeting.running        in  in 404 404 403 403 403 403 403 422 422 422
POST meetings:record_decision             meeting.ended          in  in 404 404 403 403 403 403 403 422 422 422
GET  meetings:change_decision             decision.running       in  in 404 404 403 403 403 403 403 200 200 200
GET  meetings:change_decision             decision.other         in  in 404 404 403 403 403 403 403 404 404 404
POST meetings:change_decision             decision.running       in  in 404 404 403 403 403 403 403 422 422 422
POST meetings:change_decision             decision.other         in  in 404 404 403 403 403 403 403 404 404 404
PUT  meetings:change_decision             decision.running       in  in  all 405
GET  meetings:park                        meeting.running        in  in  all 405
POST meetings:park                        meeting.draft          in  in 404 404 404 404 403 403 403 302 404 302
POST meetings:park                        meeting.running        in  in 404 404 403 403 403 403 403 302 302 302

# The minutes, and the duties that follow.
GET  meetings:minutes                     meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:minutes                     meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:minutes                     meeting.ended          in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:minutes                     meeting.ended          in  in  all 405

# Actions: lists hold what one may see; anybody may write down work for themselves.
GET  actions:list                         -                      in  in  all 200
POST actions:list                         -                      in  in  all 405
GET  actions:export                       -                      in  in  all 200
POST actions:export                       -                      in  in  all 405
GET  actions:new                          -                      in  in  all 200
POST actions:new                          -                      in  in  all 200
PUT  actions:new                          -                      in  in  all 405

# One action. action.draft comes from a meeting that the recorder keeps; action.published is department A's alone.
GET  actions:detail                       action.draft           in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:detail                       action.published       in  in 404 404 200 200 200 200 200 200 404 200
GET  actions:detail                       ?                      in  in  all 404
POST actions:detail                       action.published       in  in  all 405
GET  actions:edit                         action.draft           in  in 404 404 403 200 200 200 403 200 200 200
GET  actions:edit                         action.published       in  in 404 404 403 200 200 200 403 200 404 200
POST actions:edit                         action.draft           in  in 404 404 403 200 200 200 403 200 200 200
POST actions:edit                         action.published       in  in 404 404 403 200 200 200 403 200 404 200
PUT  actions:edit                         action.published       in  in  all 405
GET  actions:evidence                     evidence.published     in  in 404 404 200 200 200 200 200 200 404 200
GET  actions:evidence                     evidence.other         in  in  all 404
POST actions:evidence                     evidence.published     in  in  all 405

# Its steps: 403 for whose part it is not, 422 when the words or the state do not fit (nothing was sent here).
GET  actions:act                          step.start             in  in  all 405
POST actions:act                          step.no-such-step      in  in  all 404
POST actions:act                          step.start             in  in 404 404 302 403 403 403 403 403 404 403
POST actions:act                          step.report            in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.remark            in  in 404 404 422 422 422 422 422 422 404 422
POST actions:act                          step.evidence          in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.criterion         in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.milestone         in  in 404 404 422 422 422 422 403 422 404 422
POST actions:act                          step.reach             in  in 404 404 422 422 422 422 403 422 404 422
POST actions:act                          step.submit            in  in 404 404 302 403 403 403 403 403 404 403
POST actions:act                          step.take-back         in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.accept            in  in 404 404 403 403 403 403 403 403 404 422
POST actions:act                          step.return            in  in 404 404 403 403 403 403 403 403 404 422
POST actions:act                          step.block             in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.lift              in  in 404 404 422 422 422 422 403 422 404 422
POST actions:act                          step.cancel            in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.deadline          in  in 404 404 422 422 422 422 403 422 404 422
POST actions:act                          step.owner             in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.acceptor          in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.publish           in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.discard           in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          draft-step.remark      in  in 404 404 422 422 422 422 422 422 422 422
POST actions:act                          draft-step.start       in  in 404 404 422 403 403 403 403 403 403 403
POST actions:act                          draft-step.publish     in  in 404 404 403 302 302 302 403 302 302 302
POST actions:act                          draft-step.discard     in  in 404 404 403 302 302 302 403 302 302 302

# The action plan of a meeting.
GET  actions:for_meeting                  meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  actions:for_meeting                  meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:for_meeting                  meeting.ended          in  in 404 404 200 200 200 200 200 200 200 200
POST actions:for_meeting                  meeting.ended          in  in  all 405
GET  actions:capture                      meeting.running        in  in  all 405
POST actions:capture                      meeting.draft          in  in 404 404 404 404 403 403 403 422 404 422
POST actions:capture                      meeting.running        in  in 404 404 403 403 403 403 403 422 422 422
POST actions:capture                      meeting.ended          in  in 404 404 403 403 403 403 403 422 422 422
GET  actions:publish_plan                 meeting.ended          in  in  all 405
POST actions:publish_plan                 meeting.draft          in  in 404 404 404 404 403 403 403 422 404 422
POST actions:publish_plan                 meeting.running        in  in 404 404 403 403 403 403 403 422 403 422
POST actions:publish_plan                 meeting.ended          in  in 404 404 403 403 403 403 403 302 403 302

# Figures are the whole company's, so that a review looks at the same numbers.
GET  metrics:scorecard                    -                      in  in  all 200
POST metrics:scorecard                    -                      in  in  all 405
GET  metrics:dictionary                   -                      in  in  all 200
POST metrics:dictionary                   -                      in  in  all 405
GET  metrics:metric                       metric                 in  in  all 200
GET  metrics:metric                       metric.none            in  in  all 404
POST metrics:metric                       metric                 in  in  all 405
GET  metrics:metric_csv                   metric                 in  in  all 200
POST metrics:metric_csv                   metric                 in  in  all 405

# Reports: everybody sees what is in; the files themselves and what counts are for those who hand in.
GET  metrics:uploads                      -                      in  in  all 200
POST metrics:uploads                      -                      in  in 403 422 403 422 422 403 422 422 403 403
PUT  metrics:uploads                      -                      in  in  all 405
GET  metrics:upload_files                 -                      in  in  all 286
POST metrics:upload_files                 -                      in  in  all 405
GET  metrics:upload                       upload.stored          in  in  all 200
GET  metrics:upload                       upload.refused         in  in  all 200
POST metrics:upload                       upload.stored          in  in  all 405
GET  metrics:upload_progress              upload.stored          in  in  all 286
POST metrics:upload_progress              upload.stored          in  in  all 405
GET  metrics:upload_download              upload.stored          in  in 403 200 403 200 200 403 200 200 403 403
GET  metrics:upload_download              upload.refused         in  in 403 200 403 200 200 403 200 200 403 403
POST metrics:upload_download              upload.stored          in  in  all 405
GET  metrics:upload_reactivate            upload.stored          in  in  all 405
POST metrics:upload_reactivate            upload.stored          in  in 403 302 403 302 302 403 302 302 403 403
GET  metrics:upload_withdraw              upload.stored          in  in  all 405
POST metrics:upload_withdraw              upload.stored          in  in 403 302 403 302 302 403 302 302 403 403
GET  metrics:upload_retry                 upload.refused         in  in  all 405
POST metrics:upload_retry                 upload.refused         in  in 403 302 403 302 302 403 302 302 403 403

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
    expected_duties.TABLE,
    expected_issues.TABLE,
    expected_engine.TABLE,
    expected_people.TABLE,
    expected_recorder.TABLE,
    expected_minutes.TABLE,
    expected_screens.TABLE,
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
