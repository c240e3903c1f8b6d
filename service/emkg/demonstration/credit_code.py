"""Unified social credit codes (统一社会信用代码, GB 32100-2015) of generated enterprises.

Eighteen characters: 9 and 1 (an enterprise registered for industry and commerce), a division code of six digits, an
organisation code of nine (GB 11714, its last one a check digit), a check digit.
"""

from __future__ import annotations

from typing import Final

from emkg.sources.checksum import credit_check_digit

_ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def credit_code(division: str, number: int) -> str:
    """The code of the nth enterprise of a division; `DEM` in it says that it is generated (`D` from the 100,000th on)."""
    organisation = f"DEM{number:05d}" if number < 100_000 else f"D{number:07d}"  # noqa: PLR2004 — the digits beside DEM
    body = f"91{division}{organisation}{_organisation_digit(organisation)}"
    return body + credit_check_digit(body)


def _organisation_digit(body: str) -> str:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(body, weights, strict=True)
    )
    digit = 11 - total % 11
    return "X" if digit == 10 else str(digit % 11)  # noqa: PLR2004 — ten is written X
