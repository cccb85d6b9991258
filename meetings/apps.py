from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from meetings import invitations, invitations_series, reminders  # leaf: need the models

        invitations.register()
        invitations_series.register()
        reminders.register()
