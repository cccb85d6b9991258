"""Figures and the reports that they come from."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
# Figures are the whole company's, so that a review looks at the same numbers.
GET  metrics:scorecard                    -                      in  in  all 200
POST metrics:scorecard                    -                      in  in  all 405
GET  metrics:dictionary                   -                      in  in  all 200
POST metrics:dictionary                   -                      in  in  all 405
GET  metrics:metric                       metric                 in  in  all 200
GET  metrics:metric                       metric.none            in  in  all 404
POST metrics:metric                       metric                 in  in  all 405
GET  metrics:metric_csv                   metric                 in  in  all 200
POST metrics:metric_csv                   metric                 in  in  all 405

# Reports: everybody sees what is in; the files themselves and what counts are for those who hand in.
GET  metrics:uploads                      -                      in  in  all 200
POST metrics:uploads                      -                      in  in 403 422 403 422 422 403 422 422 403 403
PUT  metrics:uploads                      -                      in  in  all 405
GET  metrics:upload_files                 -                      in  in  all 286
POST metrics:upload_files                 -                      in  in  all 405
GET  metrics:upload                       upload.stored          in  in  all 200
GET  metrics:upload                       upload.refused         in  in  all 200
POST metrics:upload                       upload.stored          in  in  all 405
GET  metrics:upload_progress              upload.stored          in  in  all 286
POST metrics:upload_progress              upload.stored          in  in  all 405
GET  metrics:upload_download              upload.stored          in  in 403 200 403 200 200 403 200 200 403 403
GET  metrics:upload_download              upload.refused         in  in 403 200 403 200 200 403 200 200 403 403
POST metrics:upload_download              upload.stored          in  in  all 405
GET  metrics:upload_reactivate            upload.stored          in  in  all 405
POST metrics:upload_reactivate            upload.stored          in  in 403 302 403 302 302 403 302 302 403 403
GET  metrics:upload_withdraw              upload.stored          in  in  all 405
POST metrics:upload_withdraw              upload.stored          in  in 403 302 403 302 302 403 302 302 403 403
GET  metrics:upload_retry                 upload.refused         in  in  all 405
POST metrics:upload_retry                 upload.refused         in  in 403 302 403 302 302 403 302 302 403 403
"""
