"""The views of the actions: load of the team, one change of many, saved views, and moves on the board."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# Everybody has the layouts, over what they may see. Without an action chosen, a change of many leads back.
GET  actions:load                         -                      in  in  all 200
POST actions:load                         -                      in  in  all 405
GET  actions:bulk                         -                      in  in  all 302
POST actions:bulk                         -                      in  in  all 302
PUT  actions:bulk                         -                      in  in  all 405

# Views and columns are one's own; somebody else's are not there to be changed.
GET  actions:views                        -                      in  in  all 200
POST actions:views                        -                      in  in  all 405
GET  actions:columns                      -                      in  in  all 405
POST actions:columns                      -                      in  in  all 302
GET  actions:view_new                     -                      in  in  all 405
POST actions:view_new                     -                      in  in  all 422
GET  actions:view_change                  ?                      in  in  all 405
POST actions:view_change                  ?                      in  in  all 404
GET  actions:view_remove                  ?                      in  in  all 405
POST actions:view_remove                  ?                      in  in  all 404

# Where can it go from here? Whoever reads it may look; a move without a column speaks.
GET  actions:move                         action.published       in  in 404 404 200 200 200 200 200 200 404 200
POST actions:move                         action.published       in  in 404 404 422 422 422 422 422 422 404 422
PUT  actions:move                         action.published       in  in  all 405
"""
