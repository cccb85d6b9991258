from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "actions"
    verbose_name = _("Actions")

    def ready(self) -> None:
        from actions import (
            bell,
            calendar_feed,
            carry,
            closing,
            help_notices,
            kinds,
            lineage,
            minutes,
            reminders,
            talk_notices,
            term_notices,
            told,
            update_notices,
            verdict_notices,
        )  # models are there only now
        from actions.problems import telling
        from actions.services import agenda
        from meetings import agenda_sources, carry_sources, closing_sources, lineage_sources, minutes_sources
        from meetings.queries import feed
        from metrics import arrivals
        from notices import planning, promises

        kinds.register()
        term_notices.register()
        talk_notices.register()
        verdict_notices.register()
        arrivals.register(bell.figures_changed)
        help_notices.register()
        update_notices.register()
        agenda_sources.register(agenda.sent)
        planning.register(reminders.planned)
        promises.register_parts("actions.action", told.parts)
        telling.register()
        carry_sources.register(carry.unfinished)
        minutes_sources.register(minutes.promises)
        closing_sources.register(closing.incomplete)
        feed.register(calendar_feed.owed)
        lineage_sources.register(lineage.made)
