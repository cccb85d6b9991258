from django.urls import path

from meetings.views import (
    attachments,
    attendance,
    calendar,
    capture,
    carry,
    closing,
    comments,
    company_rules,
    conversions,
    cost,
    decisions,
    detail,
    duties,
    floor,
    issue_steps,
    issues,
    listing,
    live_state,
    minutes,
    minutes_files,
    minutes_life,
    needed,
    notes,
    packs,
    parking,
    plan,
    preread_parts,
    prereads,
    priority,
    reading,
    ready,
    records,
    register,
    replan,
    replay,
    roles,
    room,
    screens,
    series,
    settling,
    speaking,
    types,
    walls,
    windows,
)

app_name = "meetings"

plan_urls = [
    path("", listing.index, name="list"),
    path("new/", plan.new, name="new"),
    path("new/agenda/", plan.agenda_check, name="agenda_check"),
    path("new/look/", plan.look_new, name="look_new"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/reply/", detail.reply, name="reply"),
    path("<int:pk>/edit/", plan.edit, name="edit"),
    path("<int:pk>/edit/look/", plan.look, name="look"),
    path("<int:pk>/check/", plan.check, name="check"),
    path("<int:pk>/cancel/", plan.cancel, name="cancel"),
]
preread_urls = [
    path("<int:pk>/preread/<slug:code>/", prereads.preread, name="preread"),
    path("<int:pk>/preread/<slug:code>/text/", preread_parts.preread_text, name="preread_text"),
    path(
        "<int:pk>/preread/<slug:code>/rows/<slug:kind>/<int:row>/",
        preread_parts.preread_row,
        name="preread_row",
    ),
    path(
        "<int:pk>/preread/<slug:code>/figures/<slug:metric>/",
        preread_parts.preread_statement,
        name="preread_statement",
    ),
    path("<int:pk>/preread/<slug:code>/effort/", preread_parts.preread_effort, name="preread_effort"),
    path("<int:pk>/preread/<slug:code>/files/", attachments.preread_files, name="preread_files"),
    path("<int:pk>/nudge/", prereads.nudge, name="nudge"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", attachments.remove_attachment, name="remove_attachment"),
]
reading_urls = [
    path("<int:pk>/preread/<slug:code>/revisions/<int:number>/", reading.revision, name="preread_revision"),
    path(
        "<int:pk>/preread/<slug:code>/revisions/<int:number>/changes/",
        reading.changes,
        name="preread_changes",
    ),
    path(
        "<int:pk>/preread/<slug:code>/revisions/<int:number>/read/",
        reading.mark_read,
        name="preread_mark_read",
    ),
    path(
        "<int:pk>/preread/<slug:code>/readers/remind/", reading.remind_readers, name="preread_remind_readers"
    ),
    path("<int:pk>/preread/<slug:code>/comments/", comments.index, name="preread_comments"),
    path("<int:pk>/preread/<slug:code>/comments/<int:comment>/", comments.comment, name="preread_comment"),
    path("<int:pk>/preread/<slug:code>/extend/", windows.extend, name="preread_extend"),
]
room_urls = [
    path("<int:pk>/start/", room.start, name="start"),
    path("<int:pk>/live/", screens.live, name="live"),
    path("<int:pk>/live/state/", live_state.state, name="live_state"),
    path("<int:pk>/live/stream/", live_state.stream, name="live_stream"),
    path("<int:pk>/live/command/", room.command, name="live_command"),
    path("<int:pk>/live/item/<int:item>/", screens.panel, name="live_panel"),
    path("<int:pk>/live/item/<int:item>/record/", records.record, name="live_record"),
    path("<int:pk>/minutes/", minutes.minutes, name="minutes"),
]

recorder_urls = [
    path("decisions/", register.index, name="decisions"),
    path("decisions/export.csv", register.export, name="decisions_export"),
    path("<int:pk>/live/capture/", capture.keep, name="capture"),
    path("<int:pk>/live/capture/preview/", capture.preview, name="capture_preview"),
    path("<int:pk>/live/capture/people/", capture.people, name="capture_people"),
    path("<int:pk>/live/notes/", notes.room_notes, name="room_notes"),
    path("<int:pk>/live/decisions/", decisions.room_decisions, name="room_decisions"),
    path("<int:pk>/live/parked/", parking.room_parked, name="room_parked"),
    path("<int:pk>/live/notes/writing/", notes.writing, name="notes_writing"),
    path("<int:pk>/notes/", notes.add_note, name="add_note"),
    path("<int:pk>/notes/<int:note>/", notes.save_note, name="save_note"),
    path("<int:pk>/notes/<int:note>/remove/", notes.remove_note, name="remove_note"),
    path("<int:pk>/decisions/", decisions.record_decision, name="record_decision"),
    path("<int:pk>/decisions/<int:decision>/", decisions.change_decision, name="change_decision"),
    path("<int:pk>/requests/<int:asked>/decide/", decisions.decide, name="decide_request"),
    path("<int:pk>/parked/", parking.park, name="park"),
]

duty_urls = [
    path("obligations/<int:pk>/fulfil/", duties.fulfil, name="fulfil"),
    path("obligations/<int:pk>/file/", duties.artefact, name="artefact"),
    path("clock-rules/", company_rules.index, name="clock_rules"),
    path("clock-rules/add/", company_rules.add, name="clock_rule_add"),
    path("clock-rules/approval/", company_rules.approval, name="clock_rule_approval"),
    path("clock-rules/<int:pk>/", company_rules.change, name="clock_rule_change"),
    path("clock-rules/<int:pk>/remove/", company_rules.remove, name="clock_rule_remove"),
]

cost_urls = [
    path("cost/", cost.index, name="cost"),
    path("cost/rates/", cost.set_rate, name="cost_rate"),
    path("cost/rates/<int:pk>/remove/", cost.remove_rate, name="cost_rate_remove"),
]
type_urls = [
    path("templates/", types.index, name="templates"),
    path("templates/<slug:code>/", types.detail, name="template"),
    path("templates/<slug:code>/versions/<int:version>/", types.detail, name="template_version"),
    path("templates/<slug:code>/edit/", types.edit, name="template_edit"),
    path("templates/<slug:code>/copy/", types.copy, name="template_copy"),
    path("templates/<slug:code>/retire/", types.retire, name="template_retire"),
    path("templates/<slug:code>/bring-back/", types.bring_back, name="template_bring_back"),
]

calendar_urls = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/revoke/", calendar.revoke, name="calendar_revoke"),
    path("replies/", calendar.replies, name="replies"),
]

settling_urls = [
    path("<int:pk>/figures/", settling.figures, name="figures"),
    path("<int:pk>/figures/news/", settling.figures_news, name="figures_news"),
    path("<int:pk>/figures/<int:statement>/rule/", settling.rule, name="rule_figure"),
    path("<int:pk>/preread/<slug:code>/review/", settling.review_preread, name="review_preread"),
    path("<int:pk>/open-points/", settling.open_points, name="open_points"),
    path("<int:pk>/declare-ready/", settling.declare, name="declare_ready"),
    path("<int:pk>/freeze/", settling.freeze, name="freeze"),
]

pack_urls = [
    path("<int:pk>/ready/", ready.ready, name="ready"),
    path("<int:pk>/pack/", packs.pack, name="pack"),
    path("<int:pk>/pack/ask/", packs.ask, name="pack_ask"),
    path("packs/<int:pk>/", packs.download, name="pack_file"),
    path("<int:pk>/print/", packs.print_view, name="print"),
]

series_urls = [
    path("series/", series.index, name="series_list"),
    path("series/<int:pk>/", series.detail, name="series"),
    path("series/<int:pk>/change/", series.change, name="change_series"),
    path("series/<int:pk>/end/", series.end, name="end_series"),
    path("series/<int:pk>/leave-out/", series.skip, name="skip_date"),
    path("<int:pk>/repeat/", series.repeat, name="repeat"),
    path("<int:pk>/carry/", carry.bring_over, name="carry"),
    path("<int:pk>/carried/<int:item>/drop/", carry.drop, name="drop_carried"),
    path("<int:pk>/parked/<int:parked>/review/", carry.review_parked, name="review_parked"),
]

engine_urls = [
    path("<int:pk>/live/replan/", replan.replan, name="live_replan"),
    path("<int:pk>/live/priority/", priority.priority, name="live_priority"),
    path("<int:pk>/replay/", replay.replay, name="replay"),
]

issue_urls = [
    path("<int:pk>/issues/", issues.pool, name="room_issues"),
    path("<int:pk>/issues/raise/", issues.raise_issue, name="raise_issue"),
    path("<int:pk>/issues/<int:issue>/vote/", issues.vote, name="vote_issue"),
    path("<int:pk>/issues/<int:issue>/order/", issues.order, name="order_issue"),
    path("<int:pk>/issues/<int:issue>/work/", issue_steps.work, name="work_issue"),
    path("<int:pk>/issues/<int:issue>/save/", issue_steps.save, name="save_issue"),
    path("<int:pk>/issues/<int:issue>/settle/", issue_steps.settle, name="settle_issue"),
    path("<int:pk>/issues/<int:issue>/become/<slug:what>/", conversions.of_issue, name="convert_issue"),
    path("<int:pk>/notes/<int:note>/become/<slug:what>/", conversions.of_note, name="convert_note"),
]

attendance_urls = [
    path("<int:pk>/live/attendance/", attendance.attendance, name="live_attendance"),
    path("<int:pk>/live/attendance/note/", attendance.note, name="note_attendance"),
    path("<int:pk>/live/speaking/", speaking.speaking, name="live_speaking"),
    path("<int:pk>/live/speaking/turn/", speaking.turn, name="speaking_turn"),
    path("<int:pk>/live/floor/", floor.floor, name="live_floor"),
    path("<int:pk>/live/floor/ask/", floor.ask, name="ask_floor"),
    path("<int:pk>/live/floor/<int:request_pk>/", floor.settle, name="settle_floor"),
    path("<int:pk>/live/roles/", roles.roles, name="live_roles"),
    path("<int:pk>/live/roles/hand-over/", roles.hand_over, name="hand_over"),
    path("<int:pk>/live/roles/take-over/", roles.take_over, name="take_over"),
    path("<int:pk>/live/here/", roles.here, name="live_here"),
    path("<int:pk>/close/", closing.close, name="close"),
    path("<int:pk>/close/put-off/", closing.put_off, name="close_put_off"),
]

screen_urls = [
    path("<int:pk>/live/needed/", needed.needed, name="live_needed"),
    path("<int:pk>/live/wall/", walls.wall, name="live_wall"),
    path("<int:pk>/live/wall/screen/", walls.screen, name="wall_screen"),
    path("<int:pk>/live/wall/link/", walls.link, name="wall_link"),
    path("<int:pk>/live/wall/link/make/", walls.make_link, name="make_wall_link"),
    path("<int:pk>/live/wall/link/revoke/", walls.revoke_link, name="revoke_wall_link"),
    path("<int:pk>/live/remote/", walls.remote, name="live_remote"),
]

minutes_urls = [
    path("<int:pk>/minutes/text/", minutes_life.write, name="minutes_text"),
    path("<int:pk>/minutes/circulate/", minutes_life.circulate, name="minutes_circulate"),
    path("<int:pk>/minutes/take-back/", minutes_life.take_back, name="minutes_take_back"),
    path("<int:pk>/minutes/objections/", minutes_life.object_to, name="minutes_object"),
    path("<int:pk>/minutes/objections/<int:objection>/", minutes_life.answer, name="minutes_answer"),
    path("<int:pk>/minutes/approve/", minutes_life.approve, name="minutes_approve"),
    path("<int:pk>/minutes/lock/", minutes_life.lock, name="minutes_lock"),
    path("<int:pk>/minutes/corrections/", minutes_life.correct, name="minutes_correct"),
    path("<int:pk>/minutes/editions/<int:number>/", minutes_files.edition, name="minutes_edition"),
    path("<int:pk>/minutes/print/", minutes_files.print_view, name="minutes_print"),
    path("<int:pk>/minutes/file/<slug:form>/", minutes_files.file, name="minutes_file"),
    path("<int:pk>/minutes/pack/", minutes_files.pack, name="minutes_pack"),
    path("<int:pk>/minutes/pack/ask/", minutes_files.ask, name="minutes_pack_ask"),
    path("<int:pk>/rating/", minutes_life.rate, name="rate"),
]

urlpatterns = [
    *minutes_urls,
    *attendance_urls,
    *calendar_urls,
    *pack_urls,
    *plan_urls,
    *preread_urls,
    *reading_urls,
    *room_urls,
    *recorder_urls,
    *series_urls,
    *settling_urls,
    *type_urls,
    *issue_urls,
    *cost_urls,
    *duty_urls,
    *screen_urls,
    *engine_urls,
]
