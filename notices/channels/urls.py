"""The addresses of chat robots and webhooks; part of `notices.urls`."""

from django.urls import path

from notices.channels import views

endpoint_urls = [
    path("notices/endpoints/", views.endpoints, name="endpoints"),
    path("notices/endpoints/add/", views.add, name="endpoint_add"),
    path("notices/endpoints/<int:pk>/", views.endpoint, name="endpoint"),
    path("notices/endpoints/<int:pk>/change/", views.change, name="endpoint_change"),
    path("notices/endpoints/<int:pk>/messages/<int:post_pk>/again/", views.send_again, name="post_again"),
    path("notices/endpoints/<int:pk>/<slug:verb>/", views.step, name="endpoint_step"),
]
