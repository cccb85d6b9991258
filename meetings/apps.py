from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from meetings import (  # leaf: need the models
            agenda_mail,
            carry_sources,
            comment_notices,
            invitations,
            invitations_series,
            minutes_mail,
            receipt_notices,
            reminders,
            rhythm,
            settling_notices,
        )
        from meetings.mailbox import rounds  # leaf: needs the models
        from meetings.queries import issues  # leaf: needs the models
        from notices import health  # leaf: needs the models

        agenda_mail.register()
        invitations.register()
        invitations_series.register()
        minutes_mail.register()
        health.register_note("replies", rounds.note)
        reminders.register()
        rhythm.register()
        comment_notices.register()
        receipt_notices.register()
        settling_notices.register()
        carry_sources.register(issues.unfinished)
