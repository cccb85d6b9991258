"""Pre-reads: writing, reading, comments, files, and figures that differ."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
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
"""
