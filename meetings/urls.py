from django.urls import path

from meetings.views import detail, listing, minutes, plan, prereads, records, room

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
room_urls = [
    path("<int:pk>/start/", room.start, name="start"),
    path("<int:pk>/live/", room.live, name="live"),
    path("<int:pk>/live/state/", room.state, name="live_state"),
    path("<int:pk>/live/command/", room.command, name="live_command"),
    path("<int:pk>/live/item/<int:item>/", room.panel, name="live_panel"),
    path("<int:pk>/live/item/<int:item>/record/", records.record, name="live_record"),
    path("<int:pk>/notes/", records.add_note, name="add_note"),
    path("<int:pk>/notes/<int:note>/", records.save_note, name="save_note"),
    path("<int:pk>/notes/<int:note>/remove/", records.remove_note, name="remove_note"),
    path("<int:pk>/decisions/", records.record_decision, name="record_decision"),
    path("<int:pk>/decisions/<int:decision>/", records.change_decision, name="change_decision"),
    path("<int:pk>/parked/", records.park, name="park"),
    path("<int:pk>/minutes/", minutes.minutes, name="minutes"),
    path("obligations/<int:pk>/fulfil/", minutes.fulfil, name="fulfil"),
]

urlpatterns = [*plan_urls, *preread_urls, *room_urls]
