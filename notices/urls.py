from django.urls import path

from notices import health, views

app_name = "notices"
urlpatterns = [
    # Without a slash: this is the address that monitors are given, and it is exempt from the redirect to HTTPS.
    path("healthz", health.healthz, name="health"),
    path("notices/", views.notice_list, name="list"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.mark_all_read, name="mark_all_read"),
    path("notices/<int:pk>/read/", views.mark_read, name="mark_read"),
    path("notices/<int:pk>/open/", views.open_notice, name="open"),
]
