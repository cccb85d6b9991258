from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = _("Actions")

    def ready(self) -> None:
        from actions import (
            calendar_feed,
            carry,
            closing,
            kinds,
            lineage,
            minutes,
            reminders,
        )  # models are there only now
        from meetings import carry_sources, closing_sources, lineage_sources, minutes_sources
        from meetings.queries import feed
        from notices import planning

        kinds.register()
        planning.register(reminders.planned)
        carry_sources.register(carry.unfinished)
        minutes_sources.register(minutes.promises)
        closing_sources.register(closing.incomplete)
        feed.register(calendar_feed.owed)
        lineage_sources.register(lineage.made)
