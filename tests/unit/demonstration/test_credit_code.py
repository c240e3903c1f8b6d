from __future__ import annotations

from datetime import date

import pytest

from emkg.demonstration.credit_code import credit_code
from emkg.demonstration.setting import chinese_date, numeral
from emkg.sources.checksum import credit_check_digit


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert credit_check_digit("91350100M000100Y4") == "3"  # the example that GB 32100-2015 prints


@pytest.mark.parametrize("number", [1, 99_999, 100_000, 1_234_567])
def test_a_code_has_eighteen_characters_at_any_scale(number: int) -> None:
    assert len(credit_code("310115", number)) == 18


def test_a_generated_code_says_so_and_carries_its_division() -> None:
    code = credit_code("310115", 12)

    assert len(code) == 18
    assert code.startswith("91310115DEM00012")
    assert code[-1] == credit_check_digit(code[:-1])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1003, "一千零三"),
        (12000, "12000"),
    ],
)
def test_numerals_read_as_school_names_have_them(number: int, text: str) -> None:
    assert numeral(number) == text


def test_a_chinese_date_has_no_leading_zeros() -> None:
    assert chinese_date(date(2026, 1, 5)) == "2026年1月5日"
