"""Which shop a file belongs to, and in which currency it is: what was stated, what the file says, what fits."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_noop

from metrics.intake.kinds.base import ReportKind
from metrics.intake.outcome import Stated
from metrics.intake.problems import Problems
from metrics.models import Shop

# Country → currency, zone of the marketplace's day, region.
COUNTRIES = {
    "US": ("USD", "America/Los_Angeles", "NA"),
    "CA": ("CAD", "America/Los_Angeles", "NA"),
    "MX": ("MXN", "America/Los_Angeles", "NA"),
    "BR": ("BRL", "America/Sao_Paulo", "LATAM"),
    "UK": ("GBP", "Europe/London", "EU"),
    "DE": ("EUR", "Europe/Berlin", "EU"),
    "FR": ("EUR", "Europe/Paris", "EU"),
    "IT": ("EUR", "Europe/Rome", "EU"),
    "ES": ("EUR", "Europe/Madrid", "EU"),
    "NL": ("EUR", "Europe/Amsterdam", "EU"),
    "BE": ("EUR", "Europe/Brussels", "EU"),
    "IE": ("EUR", "Europe/Dublin", "EU"),
    "SE": ("SEK", "Europe/Stockholm", "EU"),
    "PL": ("PLN", "Europe/Warsaw", "EU"),
    "TR": ("TRY", "Europe/Istanbul", "EU"),
    "JP": ("JPY", "Asia/Tokyo", "JP"),
    "AU": ("AUD", "Australia/Sydney", "OTHER"),
    "IN": ("INR", "Asia/Kolkata", "OTHER"),
    "SG": ("SGD", "Asia/Singapore", "SEA"),
    "AE": ("AED", "Asia/Dubai", "OTHER"),
    "SA": ("SAR", "Asia/Riyadh", "OTHER"),
}
CURRENCIES = sorted({currency for currency, _zone, _region in COUNTRIES.values()})
CURRENCY_CODE = re.compile(rf"\b({'|'.join(CURRENCIES)})\b")
CURRENCY_WORDS = {
    "euro": "EUR",
    "us-dollar": "USD",
    "us dollar": "USD",
    "pfund": "GBP",
    "日本円": "JPY",
    "美元": "USD",
}


def currencies_named(preamble: list[str]) -> dict[str, int]:
    """Currencies that the lines above the column names speak of."""
    text = " ".join(preamble)
    found = dict.fromkeys(CURRENCY_CODE.findall(text), 1)
    if not found:
        small = text.casefold()
        found = {code: 1 for word, code in CURRENCY_WORDS.items() if word in small}
    return found


def country(name: str) -> str:
    """`GB` and `UK` are the same marketplace."""
    return "UK" if name.upper() == "GB" else name.upper()


def shop_stated(kind: ReportKind, stated: Stated) -> Shop | None:
    """The shop if it is known before the file has been read: the stated one, or the only one of the platform."""
    shops = list(Shop.objects.active().filter(platform=kind.platform).order_by("pk")[:2])
    if stated.shop:
        return Shop.objects.filter(code=stated.shop).first()
    return shops[0] if len(shops) == 1 else None


def shop_of(kind: ReportKind, stated: Stated, seen: Mapping[str, int], problems: Problems) -> Shop | None:
    """The file's shop; tells a problem and returns None when it cannot be decided.

    Where a company has no shop of the platform yet, its first report makes the first one (not saved here), named
    after the marketplace that the report speaks of.
    """
    shops = list(Shop.objects.active().in_order())
    known = ", ".join(shop.code for shop in shops) or "—"
    site = country(max(seen, key=lambda name: seen[name])) if seen else ""
    if stated.shop:
        shop = next((shop for shop in shops if shop.code == stated.shop), None)
        if shop is None:
            problems.add("error", "shop_unknown", shop=stated.shop, known=known)
        elif shop.platform != kind.platform:
            problems.add(
                "error",
                "shop_platform",
                platform=Shop.Platform(kind.platform).label,
                shop=shop.code,
                other_platform=shop.get_platform_display(),
            )
        else:
            _tell_other_site(shop, site, "warning", problems)
        return shop
    shops = [shop for shop in shops if shop.platform == kind.platform]
    if len(shops) > 1:
        shops = [shop for shop in shops if country(shop.marketplace) == site] or shops
    if len(shops) == 1:
        _tell_other_site(shops[0], site, "error", problems)
        return shops[0]
    if shops:
        problems.add("error", "shop_needed", known=known)
    elif site in COUNTRIES:
        return first_shop(kind.platform, site)
    else:
        problems.add("error", "shop_missing", platform=Shop.Platform(kind.platform).label)
    return None


def _tell_other_site(shop: Shop, site: str, level: str, problems: Problems) -> None:
    if site and site != country(shop.marketplace):
        problems.add(
            level,  # type: ignore[arg-type]
            "marketplace_differs",
            found=site,
            shop=shop.code,
            expected=shop.marketplace,
        )


def first_shop(platform: str, site: str) -> Shop:
    currency, zone, region = COUNTRIES[site]
    return Shop(
        code=f"{site.lower()}-main",
        name=f"{Shop.Platform(platform).label} {site}",
        platform=platform,
        marketplace=site,
        region=region,
        currency=currency,
        time_zone=zone,
    )


def currency_of(shop: Shop | None, stated: Stated, seen: Mapping[str, int], problems: Problems) -> str:
    """The file's currency: as it says itself, else as stated, else the shop's. Tells what does not fit together."""
    named = sorted(name for name in seen if name)
    if len(named) > 1:
        problems.add("error", "currencies_mixed", found=", ".join(named))
        return ""
    found = named[0] if named else stated.currency
    expected = [(stated.currency, gettext_noop("as stated"))] if stated.currency else []
    if shop:
        expected.append((shop.currency, gettext_noop("the currency of the shop")))
    for currency, reason in expected:
        if found and found != currency:
            problems.add("error", "currency_differs", found=found, expected=currency, reason=reason)
            break
    return found or (shop.currency if shop else "")
