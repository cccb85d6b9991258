"""Time zones by the names people use. Others are shown by their IANA name."""

from django.utils.translation import gettext_lazy as _

# The zones of head offices, warehouses and marketplaces, west to east of Shanghai first.
CITIES = {
    "Asia/Shanghai": _("Shanghai"),
    "Asia/Hong_Kong": _("Hong Kong"),
    "Asia/Taipei": _("Taipei"),
    "Asia/Singapore": _("Singapore"),
    "Asia/Tokyo": _("Tokyo"),
    "Asia/Seoul": _("Seoul"),
    "Asia/Bangkok": _("Bangkok"),
    "Asia/Ho_Chi_Minh": _("Ho Chi Minh City"),
    "Asia/Jakarta": _("Jakarta"),
    "Asia/Manila": _("Manila"),
    "Asia/Kolkata": _("Kolkata"),
    "Asia/Dubai": _("Dubai"),
    "Europe/Moscow": _("Moscow"),
    "Europe/Berlin": _("Berlin"),
    "Europe/Paris": _("Paris"),
    "Europe/Madrid": _("Madrid"),
    "Europe/Rome": _("Rome"),
    "Europe/Amsterdam": _("Amsterdam"),
    "Europe/Warsaw": _("Warsaw"),
    "Europe/London": _("London"),
    "America/New_York": _("New York"),
    "America/Chicago": _("Chicago"),
    "America/Denver": _("Denver"),
    "America/Los_Angeles": _("Los Angeles"),
    "America/Toronto": _("Toronto"),
    "America/Mexico_City": _("Mexico City"),
    "America/Sao_Paulo": _("São Paulo"),
    "Australia/Sydney": _("Sydney"),
}


def city(zone_name: str) -> str:
    """The city of a zone in the reader's language; empty for UTC and fixed offsets, which need none."""
    if zone_name in CITIES:
        return str(CITIES[zone_name])
    return zone_name.rpartition("/")[2].replace("_", " ") if "/" in zone_name else ""


def choices() -> list[tuple[str, str]]:
    """For a form's select: IANA name and city."""
    return [(name, str(label)) for name, label in CITIES.items()]
