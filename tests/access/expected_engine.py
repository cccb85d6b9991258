"""Re-plans, the executive's priority and the replay: read with the meeting, changed by whoever runs it.

A press that names no step is refused as unknown: 404 for those who may press, too.
"""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  meetings:live_replan                 meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_replan                 meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_replan                 meeting.running        in  in 404 404 403 403 403 403 403 404 403 404
PUT  meetings:live_replan                 meeting.running        in  in  all 405
GET  meetings:live_priority               meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_priority               meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_priority               meeting.running        in  in  all 404
PUT  meetings:live_priority               meeting.running        in  in  all 405

# Where nothing was logged, the replay leads to the meeting.
GET  meetings:replay                      meeting.draft          in  in 404 404 404 404 302 302 302 302 404 302
GET  meetings:replay                      meeting.running        in  in 404 404 302 302 302 302 302 302 302 302
POST meetings:replay                      meeting.running        in  in  all 405
"""
