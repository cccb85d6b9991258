"""The issue pool, and what notes and issues become."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  meetings:room_issues                 meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:room_issues                 meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:room_issues                 meeting.ended          in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:room_issues                 meeting.running        in  in  all 405

# Raised and voted for by whoever takes part and by executives; nothing is said here, so that 422 is the answer.
GET  meetings:raise_issue                 meeting.running        in  in  all 405
POST meetings:raise_issue                 meeting.running        in  in 404 404 422 422 403 422 403 422 422 422
GET  meetings:vote_issue                  issue.running          in  in  all 405
POST meetings:vote_issue                  issue.running          in  in 404 404 302 302 403 302 403 302 302 302
POST meetings:vote_issue                  issue.ended            in  in 404 404 403 403 403 403 403 403 403 403
POST meetings:vote_issue                  issue.other            in  in  all 404

# Ordered by the executive and whoever runs the meeting; worked on and settled by whoever keeps the record, too.
GET  meetings:order_issue                 issue.running          in  in  all 405
POST meetings:order_issue                 issue.running          in  in 404 404 403 403 403 302 403 302 403 302
POST meetings:order_issue                 issue.other            in  in  all 404
GET  meetings:work_issue                  issue.running          in  in  all 405
POST meetings:work_issue                  issue.running          in  in 404 404 403 403 403 302 403 302 302 302
POST meetings:work_issue                  issue.other            in  in  all 404
GET  meetings:save_issue                  issue.running          in  in  all 405
POST meetings:save_issue                  issue.running          in  in 404 404 403 403 403 422 403 422 422 422
POST meetings:save_issue                  issue.other            in  in  all 404
GET  meetings:settle_issue                issue.running          in  in  all 405
POST meetings:settle_issue                issue.running          in  in 404 404 403 403 403 422 403 422 422 422
POST meetings:settle_issue                issue.other            in  in  all 404

# Made into something else by whoever keeps the record.
GET  meetings:convert_issue               issue.decision         in  in 404 404 403 403 403 403 403 200 200 200
POST meetings:convert_issue               issue.decision         in  in 404 404 403 403 403 403 403 422 422 422
GET  meetings:convert_issue               issue.action           in  in 404 404 403 403 403 403 403 302 302 302
PUT  meetings:convert_issue               issue.decision         in  in  all 405
GET  meetings:convert_note                note.decision          in  in 404 404 403 403 403 403 403 200 200 200
POST meetings:convert_note                note.issue             in  in 404 404 403 403 403 403 403 302 302 302
GET  meetings:convert_note                note.issue             in  in 404 404 403 403 403 403 403 405 405 405
PUT  meetings:convert_note                note.decision          in  in  all 405
"""
