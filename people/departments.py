"""The departments that a new company starts with; it may rename them and add its own."""

from people.models import Department

STANDARD = [
    ("sales", "Sales", "销售部"),
    ("marketing", "Marketing", "市场部"),
    ("supply", "Supply chain", "供应链部"),
    ("finance", "Finance", "财务部"),
    ("tech", "Technology / product", "技术/产品部"),
    ("service", "Customer service", "客服部"),
    ("operations", "Operations", "运营部"),
]


def ensure_standard() -> None:
    """Create the standard departments that are missing; those that exist stay as the company named them."""
    for position, (code, name_en, name_zh) in enumerate(STANDARD, start=1):
        Department.objects.get_or_create(
            code=code, defaults={"name_en": name_en, "name_zh": name_zh, "position": position * 10}
        )
