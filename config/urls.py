from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from meetings.views import calendar

# One way in: the administration's own login page would not count failed attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/<str:token>.ics", calendar.feed, name="calendar_feed"),
    path("", include("dashboard.urls")),
    path("", include("notices.urls")),
    path("meetings/", include("meetings.urls")),
    path("wall/", include("meetings.wall_urls")),
    path("metrics/", include("metrics.urls")),
    path("actions/", include("actions.urls")),
    path("problems/", include("actions.problems.urls")),
    path("preferences/", include("core.urls")),
    path("accounts/", include("people.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    from core.views import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
