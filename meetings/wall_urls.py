"""The wall screen without a login: its address is the secret. A proxy sends its stream/ to the streams' process."""

from django.urls import path

from meetings.views import walls

app_name = "wall"

urlpatterns = [
    path("<str:token>/", walls.open_wall, name="open"),
    path("<str:token>/screen/", walls.open_screen, name="screen"),
    path("<str:token>/state/", walls.open_state, name="state"),
    path("<str:token>/stream/", walls.open_stream, name="stream"),
]
