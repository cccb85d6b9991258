"""How actions stand: the page of updates, the lists of a progress meeting, and who waits for whose help."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# Everybody has a page of their own; what one may not read is neither counted nor listed there.
GET  actions:updates                      -                      in  in  all 200
POST actions:updates                      -                      in  in  all 405
GET  actions:blockers                     -                      in  in  all 200
POST actions:blockers                     -                      in  in  all 405

# The owner's word, by the mail's link. a_m owns action.published.
GET  actions:give_update                  action.published       in  in  all 405
POST actions:give_update                  action.published       in  in 404 404 422 403 403 403 403 403 404 403
POST actions:give_update                  ?                      in  in  all 404

# In a meeting that is held: its recorder and whoever runs it, for what they may read, and the owner.
GET  actions:give_update_in_meeting       spoken.running         in  in  all 405
POST actions:give_update_in_meeting       spoken.running         in  in 404 404 422 403 403 403 403 422 404 422
POST actions:give_update_in_meeting       spoken.scheduled       in  in 404 404 403 403 403 403 403 403 404 403
POST actions:give_update_in_meeting       spoken.unknown         in  in  all 404

# Whether a progress meeting fits; other meetings have no such page.
GET  actions:progress                     meeting.of_series      in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:progress                     meeting.scheduled      in  in  all 404
POST actions:progress                     meeting.of_series      in  in  all 405
"""
