from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import validate_time_zone


class ShopQuerySet(models.QuerySet["Shop"]):
    def active(self) -> "ShopQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, user) -> "ShopQuerySet":
        """Everybody who is logged in sees the shops; figures by department come later."""
        return self if user.is_active else self.none()

    def in_order(self) -> "ShopQuerySet":
        return self.order_by("name", "pk")


class Shop(models.Model):
    """One seller account on one marketplace. Its currency and its day boundary are those of its reports."""

    class Platform(models.TextChoices):
        AMAZON = "amazon", "Amazon"
        SHOPIFY = "shopify", "Shopify"
        ALIEXPRESS = "aliexpress", "AliExpress"
        EBAY = "ebay", "eBay"
        TIKTOK = "tiktok", "TikTok Shop"
        SHOPEE = "shopee", "Shopee"
        OTHER = "other", _("other platform")

    class Region(models.TextChoices):
        NORTH_AMERICA = "NA", _("North America")
        EUROPE = "EU", _("Europe")
        JAPAN = "JP", _("Japan")
        SOUTH_EAST_ASIA = "SEA", _("South-East Asia")
        LATIN_AMERICA = "LATAM", _("Latin America")
        OTHER = "OTHER", _("other region")

    code = models.SlugField(
        _("code"), max_length=40, unique=True, error_messages={"unique": _("Another shop has this code.")}
    )
    name = models.CharField(_("name"), max_length=120)
    platform = models.CharField(_("platform"), max_length=20, choices=Platform, default=Platform.AMAZON)
    marketplace = models.CharField(
        _("marketplace"), max_length=20, help_text=_("The country's two letters, such as US or DE.")
    )
    region = models.CharField(_("region"), max_length=10, choices=Region, default=Region.NORTH_AMERICA)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="America/Los_Angeles", validators=[validate_time_zone]
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    platform__in=["amazon", "shopify", "aliexpress", "ebay", "tiktok", "shopee", "other"]
                ),
                name="shop_platform_known",
                violation_error_message=_("This platform is not known."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                name="shop_currency_iso",
                violation_error_message=_("Write the currency as three capital letters, such as USD."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a shop sells, known by the seller's own SKU (or by the ASIN where a report gives only that)."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="products", verbose_name=_("shop"))
    sku = models.CharField("SKU", max_length=120)
    asin = models.CharField("ASIN", max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    first_sold_date = models.DateField(_("first sold"), null=True, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "sku"],
                name="product_sku_once",
                violation_error_message=_("This shop already has a product with this SKU."),
            ),
        ]

    def __str__(self) -> str:
        return self.sku
