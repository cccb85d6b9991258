"""One metric as it comes with a release."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricData:
    code: str
    department: str
    name_en: str
    name_zh: str
    formula: str
    unit: str
    direction: str
    definition_en: str
    definition_zh: str
    pin_down_en: str = ""
    pin_down_zh: str = ""
    decimals: int = 0
    clock: str = "posted"
    tax_base: str = "excluded"
    is_key: bool = False

    def version(self) -> dict[str, object]:
        """The fields that belong to a version: everything but names, department and place."""
        fields = asdict(self)
        for name in ("code", "department", "name_en", "name_zh", "is_key"):
            del fields[name]
        return fields
