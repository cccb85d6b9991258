from django.urls import path

from meetings.views import prereads

app_name = "meetings"

preread_urls = [
    path("<int:pk>/preread/<slug:code>/", prereads.preread, name="preread"),
    path("<int:pk>/preread/<slug:code>/text/", prereads.preread_text, name="preread_text"),
    path("<int:pk>/preread/<slug:code>/files/", prereads.preread_files, name="preread_files"),
    path("<int:pk>/nudge/", prereads.nudge, name="nudge"),
    path("attachments/<int:pk>/", prereads.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", prereads.remove_attachment, name="remove_attachment"),
]

urlpatterns = [*preread_urls]
