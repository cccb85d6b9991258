"""Actions: lists, one of them, its steps, and the plan of a meeting."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# Actions: lists hold what one may see; anybody may write down work for themselves.
GET  actions:list                         -                      in  in  all 200
POST actions:list                         -                      in  in  all 405
GET  actions:export                       -                      in  in  all 200
POST actions:export                       -                      in  in  all 405
GET  actions:export_workbook              -                      in  in  all 200
POST actions:export_workbook              -                      in  in  all 405
GET  actions:export_paper                 -                      in  in  all 200
POST actions:export_paper                 -                      in  in  all 405
GET  actions:export_calendar              -                      in  in  all 200
POST actions:export_calendar              -                      in  in  all 405
GET  actions:new                          -                      in  in  all 200
POST actions:new                          -                      in  in  all 200
PUT  actions:new                          -                      in  in  all 405

# One action. action.draft comes from a meeting that the recorder keeps; action.published is department A's alone.
GET  actions:detail                       action.draft           in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:detail                       action.published       in  in 404 404 200 200 200 200 200 200 404 200
GET  actions:detail                       ?                      in  in  all 404
POST actions:detail                       action.published       in  in  all 405
GET  actions:edit                         action.draft           in  in 404 404 403 200 200 200 403 200 200 200
GET  actions:edit                         action.published       in  in 404 404 403 200 200 200 403 200 404 200
POST actions:edit                         action.draft           in  in 404 404 403 200 200 200 403 200 200 200
POST actions:edit                         action.published       in  in 404 404 403 200 200 200 403 200 404 200
PUT  actions:edit                         action.published       in  in  all 405
GET  actions:evidence                     evidence.published     in  in 404 404 200 200 200 200 200 200 404 200
GET  actions:evidence                     evidence.other         in  in  all 404
POST actions:evidence                     evidence.published     in  in  all 405

# Its steps: 403 for whose part it is not, 422 when the words or the state do not fit (nothing was sent here).
GET  actions:act                          step.start             in  in  all 405
POST actions:act                          step.no-such-step      in  in  all 404
POST actions:act                          step.start             in  in 404 404 302 403 403 403 403 403 404 403
POST actions:act                          step.report            in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.comment           in  in 404 404 422 422 422 422 422 422 404 422
POST actions:act                          step.edit-comment      in  in 404 404 422 422 422 422 422 422 404 422
POST actions:act                          step.remove-comment    in  in 404 404 422 422 422 422 422 422 404 422
POST actions:act                          step.attach            in  in 404 404 422 422 422 422 422 422 404 422
POST actions:act                          step.remove-file       in  in 404 404 422 422 422 422 422 422 404 422
POST actions:act                          step.measure           in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.drop-measure      in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.evidence          in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.criterion         in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.milestone         in  in 404 404 422 422 422 422 403 422 404 422
POST actions:act                          step.reach             in  in 404 404 422 422 422 422 403 422 404 422
POST actions:act                          step.submit            in  in 404 404 302 403 403 403 403 403 404 403
POST actions:act                          step.take-back         in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.accept            in  in 404 404 403 403 403 403 403 403 404 422
POST actions:act                          step.return            in  in 404 404 403 403 403 403 403 403 404 422
POST actions:act                          step.block             in  in 404 404 422 403 403 403 403 403 404 403
POST actions:act                          step.answer            in  in 404 404 403 403 403 403 403 403 404 403
POST actions:act                          step.offer             in  in 404 404 403 403 403 403 403 403 404 403
POST actions:act                          step.lift              in  in 404 404 422 422 422 422 403 422 404 422
POST actions:act                          step.cancel            in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.deadline          in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.owner             in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.acceptor          in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.approve           in  in 404 404 403 403 403 403 403 403 404 403
POST actions:act                          step.refuse            in  in 404 404 403 403 403 403 403 403 404 403
POST actions:act                          step.publish           in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          step.discard           in  in 404 404 403 422 422 422 403 422 404 422
POST actions:act                          draft-step.comment     in  in 404 404 422 422 422 422 422 422 422 422
POST actions:act                          draft-step.start       in  in 404 404 422 403 403 403 403 403 403 403
POST actions:act                          draft-step.publish     in  in 404 404 403 302 302 302 403 302 302 302
POST actions:act                          draft-step.discard     in  in 404 404 403 302 302 302 403 302 302 302

# The action plan of a meeting.
GET  actions:for_meeting                  meeting.draft          in  in 404 404 404 404 200 200 200 200 404 200
GET  actions:for_meeting                  meeting.scheduled      in  in 404 404 200 200 200 200 200 200 200 200
GET  actions:for_meeting                  meeting.ended          in  in 404 404 200 200 200 200 200 200 200 200
POST actions:for_meeting                  meeting.ended          in  in  all 405
GET  actions:capture                      meeting.running        in  in  all 405
POST actions:capture                      meeting.draft          in  in 404 404 404 404 403 403 403 422 404 422
POST actions:capture                      meeting.running        in  in 404 404 403 403 403 403 403 422 422 422
POST actions:capture                      meeting.ended          in  in 404 404 403 403 403 403 403 422 422 422
GET  actions:publish_plan                 meeting.ended          in  in  all 405
POST actions:publish_plan                 meeting.draft          in  in 404 404 404 404 403 403 403 422 404 422
POST actions:publish_plan                 meeting.running        in  in 404 404 403 403 403 403 403 422 403 422
POST actions:publish_plan                 meeting.ended          in  in 404 404 403 403 403 403 403 302 403 302
"""
