from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        # Models can be imported only from here on.
        from notices import addresses, chain, checks, digests, trial  # noqa: F401
        from notices.channels import stopped

        addresses.register()
        chain.register()
        digests.register()
        stopped.register()
        trial.register()
