"""What the recorder of a meeting writes, and who may read it while it is written."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  meetings:room_notes                  meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:room_notes                  meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:room_notes                  meeting.running        in  in  all 405
GET  meetings:room_decisions              meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:room_decisions              meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:room_decisions              meeting.running        in  in  all 405
GET  meetings:room_parked                 meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:room_parked                 meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:room_parked                 meeting.running        in  in  all 405
"""
