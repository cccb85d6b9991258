"""The life of minutes: whoever reads a meeting reads them and objects; the recorder and who runs it write, circulate
and correct; who runs it takes back and locks; who was named approves; who took part rates."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  meetings:minutes_text                meeting.minuted        in  in  all 405
POST meetings:minutes_text                meeting.minuted        in  in 404 404 403 403 403 403 403 302 302 302
GET  meetings:minutes_circulate           meeting.minuted        in  in 404 404 403 403 403 403 403 200 200 200
POST meetings:minutes_circulate           meeting.minuted        in  in 404 404 403 403 403 403 403 422 422 422
PUT  meetings:minutes_circulate           meeting.minuted        in  in  all 405
GET  meetings:minutes_take_back           meeting.minuted        in  in  all 405
POST meetings:minutes_take_back           meeting.minuted        in  in 404 404 403 403 403 403 403 422 403 422
GET  meetings:minutes_object              meeting.minuted        in  in  all 405
POST meetings:minutes_object              meeting.minuted        in  in 404 404 422 422 422 422 422 422 422 422
GET  meetings:minutes_answer              objection.minuted      in  in  all 405
POST meetings:minutes_answer              objection.minuted      in  in 404 404 403 403 403 403 403 422 422 422
POST meetings:minutes_answer              objection.other        in  in  all 404
GET  meetings:minutes_approve             meeting.minuted        in  in  all 405
POST meetings:minutes_approve             meeting.minuted        in  in 404 404 403 403 403 403 403 403 403 404
GET  meetings:minutes_lock                meeting.minuted        in  in  all 405
POST meetings:minutes_lock                meeting.minuted        in  in 404 404 403 403 403 403 403 302 403 302
GET  meetings:minutes_correct             meeting.minuted        in  in  all 405
POST meetings:minutes_correct             meeting.minuted        in  in 404 404 403 403 403 403 403 422 422 422
GET  meetings:minutes_edition             edition.minuted        in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:minutes_edition             edition.none           in  in  all 404
POST meetings:minutes_edition             edition.minuted        in  in  all 405
GET  meetings:minutes_print               meeting.minuted        in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:minutes_print               meeting.draft          in  in  all 404
POST meetings:minutes_print               meeting.minuted        in  in  all 405
GET  meetings:minutes_file                file.minuted           in  in 404 404 200 200 200 200 200 200 200 200
GET  meetings:minutes_file                file.unknown           in  in  all 404
POST meetings:minutes_file                file.minuted           in  in  all 405
GET  meetings:minutes_pack                meeting.minuted        in  in 404 404 302 302 302 302 302 302 302 302
POST meetings:minutes_pack                meeting.minuted        in  in  all 405
GET  meetings:minutes_pack_ask            meeting.minuted        in  in  all 405
POST meetings:minutes_pack_ask            meeting.minuted        in  in 404 404 302 302 302 302 302 302 302 302
GET  meetings:rate                        meeting.minuted        in  in  all 405
POST meetings:rate                        meeting.minuted        in  in 404 404 403 403 403 403 403 403 422 422
"""
