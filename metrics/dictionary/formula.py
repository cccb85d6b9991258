"""The formulas of metrics: a small language over measures, read once into sums that can be divided.

    product_sales + shipping_credits
    (product_sales + shipping_credits + promo_rebates) / orders
    -fba_fees / product_sales
    growth(product_sales)              against the period before: (now - before) / before
    growth_year(product_sales)         against the same period a year before
    growth_7d(orders)                  the last seven days of the period against the seven days before them

Numbers, measures, `+ - * /` (also `− × ÷`) and parentheses. Above and below the one division stand sums of
measures times numbers, nothing else: such sums can be added up over days, shops and products first and divided
afterwards, so that a ratio of a year is the ratio of the year's sums and never a mean of ratios. What would not add
up (a product of two measures, a second division, a bare number beside a measure) is refused with a sentence.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

Against = Literal["", "previous", "year_before", "last_days"]

FUNCTIONS: dict[str, Against] = {"growth": "previous", "growth_year": "year_before", "growth_7d": "last_days"}
SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "∕": "/", "（": "(", "）": ")"}
SHOWN = {"-": "−", "*": "×", "/": "÷", "+": "+"}
TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/()]))")


class FormulaError(ValueError):
    """The text is no formula; the message says where and why, for people."""


class Token(NamedTuple):
    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Measures times numbers, added up, and perhaps a bare number."""

    terms: Mapping[str, Decimal] = field(default_factory=dict)
    constant: Decimal = Decimal(0)

    def plus(self, other: "Sum", sign: int = 1) -> "Sum":
        terms = dict(self.terms)
        for code, factor in other.terms.items():
            terms[code] = terms.get(code, Decimal(0)) + sign * factor
        return Sum(
            {code: factor for code, factor in terms.items() if factor}, self.constant + sign * other.constant
        )

    def times(self, factor: Decimal) -> "Sum":
        return Sum({code: value * factor for code, value in self.terms.items()}, self.constant * factor)

    def of(self, sums: Mapping[str, Decimal | None]) -> Decimal | None:
        """The value for these sums of measures; None as soon as one of them is unknown."""
        total = Decimal(0)
        for code, factor in self.terms.items():
            value = sums.get(code)
            if value is None:
                return None
            total += factor * value
        return total


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum, or a sum over another, or the growth of such a value. Make one with `parse`."""

    text: str
    tokens: tuple[Token, ...]
    numerator: Sum
    denominator: Sum | None = None
    against: Against = ""

    @property
    def is_ratio(self) -> bool:
        return self.denominator is not None

    @property
    def measures(self) -> tuple[str, ...]:
        """The codes it needs, each once, in the order in which they are written."""
        names = (token.text for token in self.tokens if token.kind == "name" and token.text not in FUNCTIONS)
        return tuple(dict.fromkeys(names))

    def parts(self, sums: Mapping[str, Decimal | None]) -> tuple[Decimal | None, Decimal | None]:
        """Numerator and denominator for these sums; the denominator of a plain sum is None."""
        return self.numerator.of(sums), self.denominator.of(sums) if self.denominator else None

    def value(self, sums: Mapping[str, Decimal | None]) -> Decimal | None:
        """The value for the sums of one period, growth left aside; None when it is unknown or divides by zero."""
        above, below = self.parts(sums)
        if self.denominator is None:
            return above
        return divide(above, below)

    def in_words(self, names: Mapping[str, str]) -> str:
        """The formula with the names of the measures in place of their codes: "Product sales ÷ Orders"."""
        tokens = self.tokens[2:-1] if self.against else self.tokens
        words = ""
        is_glued = True
        for before, token in zip((None, *tokens), tokens, strict=False):
            is_unary = token.text == "-" and (before is None or before.text in ("+", "-", "*", "/", "("))
            text = (
                names.get(token.text, token.text)
                if token.kind == "name"
                else SHOWN.get(token.text, token.text)
            )
            words += text if is_glued or token.text == ")" else f" {text}"
            is_glued = is_unary or token.text == "("
        if self.against == "previous":
            return _("change against the period before, of: %(formula)s") % {"formula": words}
        if self.against == "year_before":
            return _("change against the same period a year before, of: %(formula)s") % {"formula": words}
        if self.against == "last_days":
            return _("change of the last seven days against the seven before, of: %(formula)s") % {
                "formula": words
            }
        return words


def divide(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """The quotient; None where one of them is unknown or the lower one is zero."""
    if above is None or not below:
        return None
    return above / below


def growth(value: Decimal | None, base: Decimal | None) -> Decimal | None:
    """The change as a fraction of the base; None without a base, or where it is zero or negative."""
    if value is None or base is None or base <= 0:
        return None
    return (value - base) / base


@lru_cache(maxsize=500)
def parse(text: str) -> Formula:
    """Read a formula. Raises FormulaError with a sentence that names the place."""
    return _Parser(text).formula()


def check_measures(formula: Formula, known: Iterable[str]) -> None:
    """Raise FormulaError when the formula names a measure that is not known."""
    codes = set(known)
    missing = [code for code in formula.measures if code not in codes]
    if missing:
        raise FormulaError(_("There is no measure “%(code)s”.") % {"code": missing[0]})


def tokens_of(text: str) -> tuple[Token, ...]:
    plain = "".join(SIGNS.get(sign, sign) for sign in text).rstrip()
    tokens, at = [], 0
    while at < len(plain):
        match = TOKEN.match(plain, at)
        if not match or not match.lastgroup:
            wrong = plain[at:].lstrip()[0]
            raise FormulaError(
                _("“%(sign)s” at position %(at)d does not belong in a formula.")
                % {"sign": wrong, "at": plain.index(wrong, at) + 1}
            )
        tokens.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1))
        at = match.end()
    return tuple(tokens)


Value = tuple[Sum, Sum | None]
ONE = Sum({}, Decimal(1))


class _Parser:
    """Reads by descent: expression → terms → factors. A value is (numerator, denominator or None)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.next = 0

    def formula(self) -> Formula:
        if not self.tokens:
            raise FormulaError(_("The formula is empty."))
        against: Against = ""
        first = self.tokens[0]
        if first.kind == "name" and first.text in FUNCTIONS:
            against = FUNCTIONS[first.text]
            self.next = 1
            above, below = self._parenthesised()
        else:
            above, below = self._expression()
        if self._peek():
            raise self._unexpected(self.tokens[self.next])
        for part in (above, below):
            if part and part.constant and (part.terms or not below):
                raise FormulaError(
                    _("A number alone cannot be added up over days: %(text)s") % {"text": self.text}
                )
        if not above.terms:
            raise FormulaError(_("The formula names no measure: %(text)s") % {"text": self.text})
        if below is not None and not below.terms:
            raise FormulaError(
                _("The formula names no measure below the line: %(text)s") % {"text": self.text}
            )
        return Formula(self.text, self.tokens, above, below, against)

    def _peek(self, *signs: str) -> Token | None:
        if self.next >= len(self.tokens):
            return None
        token = self.tokens[self.next]
        if signs and not (token.kind == "sign" and token.text in signs):
            return None
        return token

    def _take(self, *signs: str) -> Token | None:
        token = self._peek(*signs)
        if token:
            self.next += 1
        return token

    def _unexpected(self, token: Token) -> FormulaError:
        return FormulaError(
            _("“%(text)s” at position %(at)d is not expected there.") % {"text": token.text, "at": token.at}
        )

    def _expression(self) -> Value:
        value = self._term()
        while sign := self._take("+", "-"):
            value = self._added(value, self._term(), sign)
        return value

    def _term(self) -> Value:
        value = self._factor()
        while sign := self._take("*", "/"):
            other = self._factor()
            value = self._multiplied(value, other) if sign.text == "*" else self._divided(value, other)
        return value

    def _factor(self) -> Value:
        if self._take("-"):
            above, below = self._factor()
            return above.times(Decimal(-1)), below
        if self._peek("("):
            return self._parenthesised()
        token = self._take()
        if token is None:
            raise FormulaError(_("The formula ends too early: %(text)s") % {"text": self.text})
        if token.kind == "number":
            return Sum({}, Decimal(token.text)), None
        if token.kind == "name" and token.text not in FUNCTIONS:
            return Sum({token.text: Decimal(1)}), None
        raise self._unexpected(token)

    def _parenthesised(self) -> Value:
        if not self._take("("):
            raise FormulaError(_("An opening parenthesis is missing: %(text)s") % {"text": self.text})
        value = self._expression()
        if not self._take(")"):
            raise FormulaError(_("A closing parenthesis is missing: %(text)s") % {"text": self.text})
        return value

    @staticmethod
    def _added(left: Value, right: Value, sign: Token) -> Value:
        if left[1] is not None or right[1] is not None:
            raise FormulaError(_("Add before you divide: ratios cannot be added."))
        return left[0].plus(right[0], 1 if sign.text == "+" else -1), None

    @staticmethod
    def _multiplied(left: Value, right: Value) -> Value:
        if left[0].terms and right[0].terms:
            raise FormulaError(
                _("Two measures cannot be multiplied: their product does not add up over days.")
            )
        (above, below), factor = (left, right) if left[0].terms else (right, left)
        if factor[1] is not None:
            raise FormulaError(_("Only one division is possible in a formula."))
        return above.times(factor[0].constant), below

    @staticmethod
    def _divided(left: Value, right: Value) -> Value:
        if left[1] is not None or right[1] is not None:
            if right[1] is None and not right[0].terms and right[0].constant:
                return left[0].times(1 / right[0].constant), left[1]
            raise FormulaError(_("Only one division is possible in a formula."))
        if not right[0].terms:
            if not right[0].constant:
                raise FormulaError(_("Nothing can be divided by zero."))
            return left[0].times(1 / right[0].constant), None
        return left[0], right[0]
