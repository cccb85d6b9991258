"""A site that has nothing but the first page and the login."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", lambda request: HttpResponse(), name="home"),
    path("accounts/", include("allauth.account.urls")),
]
