from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("", views.set_preferences, name="set_preferences"),
]
