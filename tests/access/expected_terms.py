"""The terms of an action: deadlines that are asked for, parts, splitting and merging, the history."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# The owner (a member of a) asks for another deadline; who accepts or manages the action answers.
POST actions:act                          step.ask-deadline      in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.grant-deadline    in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.keep-deadline     in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.take-back-request in  in 404 404 422 403 403 403 403 403 404 403

# What a deadline in words means: everybody may ask.
GET  actions:due_line                     -                      in  in  all 200
POST actions:due_line                     -                      in  in  all 405

# Parts: the owner and who manages it; splitting is for who manages it, merging for who accepts or manages both.
GET  actions:part                         action.published       in  in 404 404 200 200 200 200 403 200 404 200
POST actions:part                         action.published       in  in 404 404 422 422 422 422 403 422 404 422
PUT  actions:part                         action.published       in  in  all 405
GET  actions:split                        action.published       in  in 404 404 403 200 200 200 403 200 404 200
POST actions:split                        action.published       in  in 404 404 403 422 422 422 403 422 404 422
PUT  actions:split                        action.published       in  in  all 405
GET  actions:merge                        action.published       in  in 404 404 403 200 200 200 403 200 404 200
POST actions:merge                        action.published       in  in 404 404 403 422 422 422 403 422 404 422
PUT  actions:merge                        action.published       in  in  all 405
GET  actions:history                      action.draft           in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:history                      action.published       in  in 404 404 200 200 200 200 200 200 404 200
POST actions:history                      action.published       in  in  all 405
"""
