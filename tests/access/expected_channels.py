"""Chat robots and webhooks: a person's own are theirs alone, a department's its heads', others the administrators'."""

TABLE = """
#                                                              anon ina nob b_l a_m a_l hos exe dat adm rec run
GET  notices:endpoints                    -                       in  in  all 200
POST notices:endpoints                    -                       in  in  all 405
GET  notices:endpoint_add                 -                       in  in  all 200
POST notices:endpoint_add                 -                       in  in  all 422
PUT  notices:endpoint_add                 -                       in  in  all 405
GET  notices:endpoint                     endpoint.own            in  in 404 404 200 404 404 404 404 404 404 404
GET  notices:endpoint_change              endpoint.own            in  in 404 404 200 404 404 404 404 404 404 404
POST notices:endpoint_change              endpoint.own            in  in 404 404 422 404 404 404 404 404 404 404
POST notices:endpoint_step                endpoint.own.off        in  in 404 404 302 404 404 404 404 404 404 404
POST notices:post_again                   post.own                in  in 404 404 302 404 404 404 404 404 404 404
GET  notices:endpoint                     endpoint.sales          in  in 404 404 404 200 404 404 404 200 404 404
GET  notices:endpoint_change              endpoint.sales          in  in 404 404 404 200 404 404 404 200 404 404
POST notices:endpoint_change              endpoint.sales          in  in 404 404 404 422 404 404 404 422 404 404
POST notices:endpoint_step                endpoint.sales.off      in  in 404 404 404 302 404 404 404 302 404 404
POST notices:post_again                   post.sales              in  in 404 404 404 302 404 404 404 302 404 404
GET  notices:endpoint                     endpoint.company        in  in 404 404 404 404 404 404 404 200 404 404
GET  notices:endpoint_change              endpoint.company        in  in 404 404 404 404 404 404 404 200 404 404
POST notices:endpoint_change              endpoint.company        in  in 404 404 404 404 404 404 404 422 404 404
POST notices:endpoint_step                endpoint.company.off    in  in 404 404 404 404 404 404 404 302 404 404
POST notices:post_again                   post.company            in  in 404 404 404 404 404 404 404 302 404 404
POST notices:endpoint                     endpoint.own            in  in  all 405
PUT  notices:endpoint_change              endpoint.own            in  in  all 405
GET  notices:endpoint_step                endpoint.own.off        in  in  all 405
POST notices:endpoint_step                endpoint.own.nonsense   in in  all 404
GET  notices:post_again                   post.own                in  in  all 405
"""
