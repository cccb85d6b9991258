from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dashboard.urls")),
    path("", include("notices.urls")),
    path("meetings/", include("meetings.urls")),
    path("metrics/", include("metrics.urls")),
    path("actions/", include("actions.urls")),
    path("preferences/", include("core.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    from core.views import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
