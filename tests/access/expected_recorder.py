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
GET  meetings:capture                     meeting.running        in  in  all 405
POST meetings:capture                     meeting.draft          in  in 404 404 404 404 403 403 403 422 404 422
POST meetings:capture                     meeting.running        in  in 404 404 403 403 403 403 403 422 422 422
GET  meetings:capture_preview             meeting.running        in  in  all 405
POST meetings:capture_preview             meeting.running        in  in 404 404 403 403 403 403 403 200 200 200
GET  meetings:capture_people              meeting.running        in  in 404 404 403 403 403 403 403 200 200 200
POST meetings:capture_people              meeting.running        in  in  all 405
GET  actions:capture_line                 meeting.running        in  in  all 405
POST actions:capture_line                 meeting.running        in  in 404 404 403 403 403 403 403 422 422 422
GET  actions:capture_preview              meeting.running        in  in  all 405
POST actions:capture_preview              meeting.running        in  in 404 404 403 403 403 403 403 200 200 200
GET  meetings:notes_writing               meeting.draft          in  in 404 404 404 404 403 403 403 200 404 200
GET  meetings:notes_writing               meeting.running        in  in 404 404 403 403 403 403 403 200 200 200
POST meetings:notes_writing               meeting.running        in  in 404 404 403 403 403 403 403 200 200 200
PUT  meetings:notes_writing               meeting.running        in  in  all 405
GET  meetings:decisions                   -                      in  in  all 200
POST meetings:decisions                   -                      in  in  all 405
GET  meetings:decisions_export            -                      in  in  all 200
POST meetings:decisions_export            -                      in  in  all 405
GET  meetings:decide_request              request.none           in  in 404 404 403 403 403 403 403 404 404 404
POST meetings:decide_request              request.none           in  in 404 404 403 403 403 403 403 404 404 404
PUT  meetings:decide_request              request.none           in  in  all 405
"""
