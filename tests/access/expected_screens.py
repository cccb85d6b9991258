"""The screens of the live room: the wall with a login and by its address, its address itself, the remote."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  meetings:live_needed                 meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_needed                 meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_needed                 meeting.running        in  in  all 405
GET  meetings:live_wall                   meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  meetings:live_wall                   meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:live_wall                   meeting.running        in  in  all 405
GET  meetings:wall_screen                 meeting.running        in  in 404 404 200 200 200 200 200 200 200 200
POST meetings:wall_screen                 meeting.running        in  in  all 405

# Whoever keeps the time steers from a phone, and makes the wall's address.
GET  meetings:live_remote                 meeting.running        in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:live_remote                 meeting.running        in  in  all 405
GET  meetings:wall_link                   meeting.running        in  in 404 404 403 403 403 403 403 200 403 200
POST meetings:wall_link                   meeting.running        in  in  all 405
GET  meetings:make_wall_link              meeting.running        in  in  all 405
POST meetings:make_wall_link              meeting.running        in  in 404 404 403 403 403 403 403 200 403 200
GET  meetings:revoke_wall_link            meeting.running        in  in  all 405
POST meetings:revoke_wall_link            meeting.running        in  in 404 404 403 403 403 403 403 302 403 302

# The address of a wall screen: behind the wrong one is nothing, whoever asks.
GET  wall:open                            token.wrong           404 404  all 404
POST wall:open                            token.wrong           405 405  all 405
GET  wall:screen                          token.wrong           404 404  all 404
POST wall:screen                          token.wrong           405 405  all 405
GET  wall:state                           token.wrong           404 404  all 404
POST wall:state                           token.wrong           405 405  all 405
GET  wall:stream                          token.wrong           404 404  all 404
POST wall:stream                          token.wrong           405 405  all 405
"""
