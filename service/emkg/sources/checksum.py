"""Check digits of Chinese identifiers: a text that has the right one is hardly anything else."""

from __future__ import annotations

import re
from typing import Final

CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_CREDIT: Final = re.compile(rf"[{CREDIT_ALPHABET}]{{18}}")
_PERSON: Final = re.compile(r"[1-8]\d{5}(18|19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")


def credit_check_digit(body: str) -> str:
    """The eighteenth character of a unified social credit code (GB 32100-2015, weights 3^i mod 31)."""
    total = sum(CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return CREDIT_ALPHABET[-total % 31]


def is_credit_code(text: str) -> bool:
    """The text is a unified social credit code with the right check digit."""
    return bool(_CREDIT.fullmatch(text)) and credit_check_digit(text[:17]) == text[17]


def is_person_number(text: str) -> bool:
    """The text is a resident identity number: a date of birth, the right check digit (GB 11643, ISO 7064 MOD 11-2)."""
    if not _PERSON.fullmatch(text.upper()):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()
