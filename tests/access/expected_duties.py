"""What follows a meeting, the rules that start it, and the approval of proposed actions."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  meetings:fulfil                      duty.budget            in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:fulfil                      duty.budget            in  in 404 404 403 403 403 403 403 422 403 422
PUT  meetings:fulfil                      duty.budget            in  in  all 405
POST meetings:fulfil                      duty.action_plan       in  in 404 404 403 403 403 403 403 403 403 403
GET  meetings:artefact                    duty.budget            in  in  all 404
POST meetings:artefact                    duty.budget            in  in  all 405
GET  meetings:clock_rules                 -                      in  in 404 404 404 404 200 200 404 200 404 404
POST meetings:clock_rules                 -                      in  in  all 405
GET  meetings:clock_rule_add              -                      in  in  all 405
POST meetings:clock_rule_add              -                      in  in 404 404 404 404 403 422 404 422 404 404
GET  meetings:clock_rule_approval         -                      in  in  all 405
POST meetings:clock_rule_approval         -                      in  in 404 404 404 404 403 302 404 302 404 404
GET  meetings:clock_rule_change           ?                      in  in  all 405
POST meetings:clock_rule_change           ?                      in  in 404 404 404 404 403 404 404 404 404 404
GET  meetings:clock_rule_remove           ?                      in  in  all 405
POST meetings:clock_rule_remove           ?                      in  in 404 404 404 404 403 404 404 404 404 404
GET  actions:approve_plan                 meeting.running        in  in  all 405
POST actions:approve_plan                 meeting.running        in  in 404 404 403 403 403 403 403 403 403 403
"""
