"""Who is in the room, who speaks, who asks for the floor, who has which role, and who may end it."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# The parts of the room are for whoever reads the meeting.
GET  meetings:live_attendance             meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_attendance             meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_attendance             meeting.running        in  in  all 405
GET  meetings:live_speaking               meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_speaking               meeting.running        in  in  all 405
GET  meetings:live_floor                  meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_floor                  meeting.running        in  in  all 405
GET  meetings:live_roles                  meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_roles                  meeting.running        in  in  all 405

# Signing in and asking for the floor: its people and executives, not everybody who may read it.
GET  meetings:note_attendance             meeting.running        in  in  all 405
POST meetings:note_attendance             meeting.running        in  in 404 404 302 302 403 302 403 403 302 302
GET  meetings:ask_floor                   meeting.running        in  in  all 405
POST meetings:ask_floor                   meeting.running        in  in 404 404 302 302 403 302 403 403 302 302

# Measuring, calling: whoever keeps the time. Handing over: whoever has the role or runs the meeting; here nobody is
# named to whom. Taking over: deputies.
GET  meetings:speaking_turn               meeting.running        in  in  all 405
POST meetings:speaking_turn               meeting.running        in  in 404 404 403 403 403 403 403 302 403 302
GET  meetings:settle_floor                floor.running          in  in  all 405
POST meetings:settle_floor                floor.running          in  in 404 404 403 403 403 403 403 302 403 302
POST meetings:settle_floor                floor.other            in  in  all 404
GET  meetings:hand_over                   meeting.running        in  in  all 405
POST meetings:hand_over                   meeting.running        in  in 404 404 403 403 403 403 403 404 403 404
GET  meetings:take_over                   meeting.running        in  in  all 405
POST meetings:take_over                   meeting.running        in  in 404 404 403 403 403 403 403 403 403 403
GET  meetings:live_here                   meeting.running        in  in  all 405
POST meetings:live_here                   meeting.running        in  in 404 404 200 200 200 200 200 200 200 200

# Ending it: whoever runs it; with points open an executive.
GET  meetings:close                       meeting.draft          in  in 404 404 404 404 403 302 403 302 404 302
GET  meetings:close                       meeting.running        in  in 404 404 403 403 403 200 403 200 403 200
POST meetings:close                       meeting.running        in  in 404 404 403 403 403 422 403 422 403 422
GET  meetings:close                       meeting.ended          in  in 404 404 403 403 403 302 403 302 403 302
PUT  meetings:close                       meeting.running        in  in  all 405
GET  meetings:close_put_off               meeting.running        in  in  all 405
POST meetings:close_put_off               meeting.running        in  in 404 404 403 403 403 403 403 404 404 404
"""
