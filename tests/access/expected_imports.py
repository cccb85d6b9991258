"""Importing actions: anybody may hand a list in, each line under its own rule; a file is its bringer's alone."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  actions:imports                      -                      in  in  all 200
POST actions:imports                      -                      in  in  all 422
PUT  actions:imports                      -                      in  in  all 405
GET  actions:import                       import                 in  in 404 404 404 404 404 404 404 404 404 200
GET  actions:import                       ?                      in  in  all 404
POST actions:import                       import                 in  in  all 405
GET  actions:import_take_over             import                 in  in  all 405
POST actions:import_take_over             import                 in  in 404 404 404 404 404 404 404 404 404 302
GET  actions:import_drop                  import                 in  in  all 405
POST actions:import_drop                  import                 in  in 404 404 404 404 404 404 404 404 404 302
"""
