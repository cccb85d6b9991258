from django.urls import path

from actions import views
from actions.views import (
    blockers,
    board,
    bulk,
    history,
    importing,
    ladder,
    listing,
    saved,
    shaping,
    talk,
    terms,
    updates,
)

app_name = "actions"
talk_urls = [
    path("<int:pk>/people/", talk.people, name="people"),
    path("<int:pk>/files/<int:attachment_pk>/", talk.attachment, name="attachment"),
]
updates_urls = [
    path("updates/", updates.index, name="updates"),
    path("updates/<int:pk>/", updates.give, name="give_update"),
    path("blockers/", blockers.index, name="blockers"),
    path("meeting/<int:meeting_id>/progress/", updates.progress, name="progress"),
    path(
        "meeting/<int:meeting_id>/list/<slug:kind>/<int:pk>/",
        updates.give_in_meeting,
        name="give_update_in_meeting",
    ),
]
ladder_urls = [
    path("ladder/", ladder.index, name="ladder"),
    path("ladder/add/", ladder.add, name="ladder_add"),
    path("ladder/<int:pk>/", ladder.change, name="ladder_change"),
    path("ladder/<int:pk>/remove/", ladder.remove, name="ladder_remove"),
]
terms_urls = [
    path("deadline/", terms.due_line, name="due_line"),
    path("<int:pk>/part/", shaping.part, name="part"),
    path("<int:pk>/split/", shaping.split, name="split"),
    path("<int:pk>/merge/", shaping.merge, name="merge"),
    path("<int:pk>/history/", history.history, name="history"),
]
views_urls = [
    path("load/", listing.team_load, name="load"),
    path("bulk/", bulk.bulk_edit, name="bulk"),
    path("columns/", saved.columns, name="columns"),
    path("views/", saved.manage_views, name="views"),
    path("views/new/", saved.view_new, name="view_new"),
    path("views/<int:pk>/", saved.view_change, name="view_change"),
    path("views/<int:pk>/remove/", saved.view_remove, name="view_remove"),
    path("<int:pk>/move/", board.move, name="move"),
]
import_urls = [
    path("import/", importing.import_index, name="imports"),
    path("import/<int:pk>/", importing.import_detail, name="import"),
    path("import/<int:pk>/take-over/", importing.import_take_over, name="import_take_over"),
    path("import/<int:pk>/drop/", importing.import_drop, name="import_drop"),
]
urlpatterns = [
    *import_urls,
    *views_urls,
    *terms_urls,
    *updates_urls,
    *ladder_urls,
    *talk_urls,
    path("", views.index, name="list"),
    path("export.csv", views.export, name="export"),
    path("export.xlsx", views.export_workbook, name="export_workbook"),
    path("export.pdf", views.export_paper, name="export_paper"),
    path("export.ics", views.export_calendar, name="export_calendar"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/evidence/<int:evidence_pk>/", views.evidence_file, name="evidence"),
    path("<int:pk>/<slug:verb>/", views.act, name="act"),
    path("meeting/<int:meeting_id>/", views.for_meeting, name="for_meeting"),
    path("meeting/<int:meeting_id>/list/<slug:kind>/", views.agenda_list, name="agenda_list"),
    path("meeting/<int:meeting_id>/capture/", views.capture, name="capture"),
    path("meeting/<int:meeting_id>/line/", views.capture_line, name="capture_line"),
    path("meeting/<int:meeting_id>/line/preview/", views.preview_line, name="capture_preview"),
    path("meeting/<int:meeting_id>/approve/", views.approve_plan, name="approve_plan"),
    path("meeting/<int:meeting_id>/publish/", views.publish_plan, name="publish_plan"),
]
