from django.urls import path

from notices import health
from notices.channels.urls import endpoint_urls
from notices.views import doubtful, listing, preferences, promises, trouble

app_name = "notices"
list_urls = [
    path("notices/", listing.notice_list, name="list"),
    path("notices/bell/", listing.bell, name="bell"),
    path("notices/read/", listing.mark_all_read, name="mark_all_read"),
    path("notices/<int:pk>/read/", listing.mark_read, name="mark_read"),
    path("notices/<int:pk>/open/", listing.open_notice, name="open"),
    path("notices/<int:pk>/snooze/", listing.snooze, name="snooze"),
]
delivery_urls = [
    path("notices/preferences/", preferences.own, name="preferences"),
    path("notices/preferences/<slug:code>/", preferences.of_department, name="department_preferences"),
    path("notices/promises/<str:about>/<int:pk>/", promises.promises, name="promises"),
    path("notices/doubtful/", doubtful.doubtful, name="doubtful"),
    path("notices/doubtful/<int:pk>/<slug:verb>/", doubtful.settle, name="settle"),
    path("notices/addresses/", doubtful.addresses_refused, name="addresses"),
    path("notices/addresses/<int:pk>/release/", doubtful.release, name="release"),
    path("notices/trouble/", trouble.banner, name="trouble"),
]
# Without a slash: this is the address that monitors are given, and it is exempt from the redirect to HTTPS.
urlpatterns = [path("healthz", health.healthz, name="health"), *list_urls, *delivery_urls, *endpoint_urls]
