"""How people are told, who was told what, and what administrators have to look at."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  notices:snooze                       notice                 in  in 404 404 200 404 404 404 404 404 404 404
POST notices:snooze                       notice                 in  in 404 404 422 404 404 404 404 404 404 404
PUT  notices:snooze                       notice                 in  in  all 405

# Everybody's own; a department's by its heads and administrators.
GET  notices:preferences                  -                      in  in  all 200
POST notices:preferences                  -                      in  in  all 422
PUT  notices:preferences                  -                      in  in  all 405
GET  notices:department_preferences       department.sales       in  in 404 404 404 200 404 404 404 200 404 404
POST notices:department_preferences       department.sales       in  in 404 404 404 422 404 404 404 422 404 404
PUT  notices:department_preferences       department.sales       in  in  all 405

# Who was told what about a record: whoever may read it. What a person was told: that person, heads, administrators.
GET  notices:promises                     told.action            in  in 404 404 200 200 200 200 200 200 404 200
GET  notices:promises                     told.draft             in  in 404 404 200 200 200 200 200 200 200 200
GET  notices:promises                     told.person            in  in 404 404 200 200 404 404 404 200 404 404
GET  notices:promises                     told.nothing           in  in  all 404
POST notices:promises                     told.person            in  in  all 405

# Doubtful mails are the administrators'; refused addresses also those of the heads of the department.
GET  notices:doubtful                     -                      in  in 404 404 404 404 404 404 404 200 404 404
POST notices:doubtful                     -                      in  in  all 405
GET  notices:settle                       notice.doubtful        in  in  all 405
POST notices:settle                       notice.doubtful        in  in 404 404 404 404 404 404 404 302 404 404
POST notices:settle                       notice.doubtful.again  in  in 404 404 404 404 404 404 404 302 404 404
POST notices:settle                       notice.doubtful.nonsense in in all 404
GET  notices:addresses                    -                      in  in 404 200 404 200 404 404 404 200 404 404
POST notices:addresses                    -                      in  in  all 405
GET  notices:release                      address                in  in  all 405
POST notices:release                      address                in  in 404 404 404 302 404 404 404 302 404 404
GET  notices:trouble                      -                      in  in  all 200
POST notices:trouble                      -                      in  in  all 405
"""
