"""Numbers as people type them: with separators, full-width digits, a currency sign, 万 or 亿."""

import re
import unicodedata
from decimal import Decimal

LARGE = {"万": 10**4, "亿": 10**8}
LONGEST = 40
SIGNS = str.maketrans("", "", " \u00a0\u202f_'$€£¥￥")
# A comma only ever groups thousands: "1.234,50" and "0,5" could mean two numbers, so they mean none.
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d*)(\.\d*)?")


def parse(text: str) -> Decimal:
    """The number that a text says: "1,234.50", "１２万", "−4", "¥300". Raises ValueError."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").translate(SIGNS)
    factor = 1
    if plain and plain[-1] in LARGE:
        plain, factor = plain[:-1], LARGE[plain[-1]]
    # Decimal() also takes "1e9" and "NaN", which nobody means in a form.
    if not NUMBER.fullmatch(plain) or not any(sign.isdigit() for sign in plain):
        raise ValueError(text)
    return Decimal(plain.replace(",", "")) * factor


def plain(number: Decimal) -> str:
    """For a field: no exponent, no zeros at the end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
