"""The room: its commands, its record, and the minutes with their duties."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
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
"""
