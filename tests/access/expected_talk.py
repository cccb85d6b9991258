"""The page of an action: whom a comment may name, and its files."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# Whom an @ may name is told to whoever may read the action; files of an action are for the same people.
GET  actions:people                       action.draft           in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:people                       action.published       in  in 404 404 200 200 200 200 200 200 404 200
POST actions:people                       action.published       in  in  all 405
GET  actions:attachment                   action-file.published  in  in 404 404 200 200 200 200 200 200 404 200
GET  actions:attachment                   action-file.other      in  in  all 404
POST actions:attachment                   action-file.published  in  in  all 405
"""
