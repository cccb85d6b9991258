"""The rows of the ladder of reminders and of the problems."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# The ladder: everybody reads who is told when; executives and administrators change it.
GET  actions:ladder                       -                      in  in  all 200
POST actions:ladder                       -                      in  in  all 405
GET  actions:ladder_add                   -                      in  in  all 405
POST actions:ladder_add                   -                      in  in 403 403 403 403 403 422 403 422 403 403
GET  actions:ladder_change                ladder                 in  in  all 405
POST actions:ladder_change                ladder                 in  in 403 403 403 403 403 422 403 422 403 403
GET  actions:ladder_remove                ladder                 in  in  all 405
POST actions:ladder_remove                ladder                 in  in 403 403 403 403 403 302 403 302 403 403

# Problems: the department's, the reporter's and the company roles'. Whoever stands above the reporter takes note;
# the department's heads, who deals with it and company roles but the data owner's steer it.
GET  problems:list                        -                      in  in  all 200
POST problems:list                        -                      in  in  all 405
GET  problems:new                         -                      in  in  all 200
POST problems:new                         -                      in  in  all 422
PUT  problems:new                         -                      in  in  all 405
GET  problems:detail                      problem                in  in 404 404 200 200 200 200 200 200 404 404
GET  problems:detail                      ?                      in  in  all 404
POST problems:detail                      problem                in  in  all 405
GET  problems:acknowledge                 problem                in  in  all 405
POST problems:acknowledge                 problem                in  in 404 404 403 302 302 302 403 302 404 404
GET  problems:hand_over                   problem                in  in  all 405
POST problems:hand_over                   problem                in  in 404 404 422 422 422 422 403 422 404 404
GET  problems:close                       problem                in  in  all 405
POST problems:close                       problem                in  in 404 404 422 422 422 422 403 422 404 404
GET  problems:call_meeting                problem                in  in  all 405
POST problems:call_meeting                problem                in  in 404 404 403 403 302 302 403 302 404 404
GET  problems:action                      problem                in  in 404 404 200 200 200 200 200 200 404 404
POST problems:action                      problem                in  in 404 404 422 422 422 422 422 422 404 404
PUT  problems:action                      problem                in  in  all 405
"""
