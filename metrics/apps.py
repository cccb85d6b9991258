from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    name = "metrics"
    verbose_name = _("Metrics")

    def ready(self) -> None:
        post_migrate.connect(load_dictionary, sender=self, dispatch_uid="metrics.dictionary")


def load_dictionary(*, using: str, **kwargs: Any) -> None:
    """After each `migrate`, bring in the dictionary of this release: after all tables have their new columns,
    which a migration in the middle could not wait for."""
    from django.db import connections

    from metrics.dictionary.load import ensure  # leaf: models are not there yet when this module is read

    # Not there after `migrate metrics zero`.
    if "metrics_metricversion" in connections[using].introspection.table_names():
        ensure()
