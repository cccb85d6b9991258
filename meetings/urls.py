from django.urls import path

from meetings.views import detail, listing, plan, prereads

app_name = "meetings"

plan_urls = [
    path("", listing.index, name="list"),
    path("new/", plan.new, name="new"),
    path("new/agenda/", plan.agenda_check, name="agenda_check"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/reply/", detail.reply, name="reply"),
    path("<int:pk>/edit/", plan.edit, name="edit"),
    path("<int:pk>/check/", plan.check, name="check"),
    path("<int:pk>/cancel/", plan.cancel, name="cancel"),
]
preread_urls = [
    path("<int:pk>/preread/<slug:code>/", prereads.preread, name="preread"),
    path("<int:pk>/preread/<slug:code>/text/", prereads.preread_text, name="preread_text"),
    path("<int:pk>/preread/<slug:code>/files/", prereads.preread_files, name="preread_files"),
    path("<int:pk>/nudge/", prereads.nudge, name="nudge"),
    path("attachments/<int:pk>/", prereads.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", prereads.remove_attachment, name="remove_attachment"),
]

urlpatterns = [*plan_urls, *preread_urls]
