from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError
from emkg.mapping import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Outcome

DATE = 'function: emf:parseDate, parameters: [[emf:value, $(d)], [emf:format, "%Y年%m月%d日"]]'


def _call(call: str, rest: str = "") -> str:
    return f"- [ex:p, {{{call}{rest}}}]"


def test_split_gives_trimmed_pieces_and_skips_empty_ones(from_csv: Callable[..., Outcome]) -> None:
    call = 'function: emf:split, parameters: [[emf:value, $(x)], [emf:separator, "、"]]'

    outcome = from_csv("id,x\n1,消防、 公安、、\n2,\n", _call(call))

    assert outcome.objects("p") == {'"消防"', '"公安"'}
    assert outcome.quarantine == []


def test_split_with_a_prefix_makes_safe_iris(from_csv: Callable[..., Outcome]) -> None:
    call = 'function: emf:split, parameters: [[emf:value, $(x)], [emf:prefix, "http://example.org/code/"]], type: iri'

    outcome = from_csv("id,x\n1,11B19; a b\n", _call(call))

    assert outcome.objects("p") == {"<http://example.org/code/11B19>", "<http://example.org/code/a%20b>"}


@pytest.mark.parametrize(
    ("call", "text", "expected"),
    [
        ("function: emf:trim, parameters: [[emf:value, $(x)]]", "\u3000 甲 \u00a0", '"甲"'),
        ("function: emf:normaliseWidth, parameters: [[emf:value, $(x)]]", "ＡＢ１２（３．５）　％", '"AB12(3.5) %"'),
        ("function: emf:lower, parameters: [[emf:value, $(x)]]", "PM2.5", '"pm2.5"'),
        ("function: emf:upper, parameters: [[emf:value, $(x)]]", "j45", '"J45"'),
        ("function: emf:concat, parameters: [[emf:value, $(x)], [emf:other, $(id)], [emf:separator, -]]", "a", '"a-1"'),
        ('function: emf:parseDate, parameters: [[emf:value, $(x)], [emf:format, "yyyy/M/d"]]', "2020/1/9", '"2020-01-09"'),
        (
            'function: emf:parseDateTime, parameters: [[emf:value, $(x)], [emf:format, "%Y-%m-%d %H:%M"], [emf:zone, Asia/Shanghai]]',
            "2020-01-09 08:05",
            '"2020-01-09T08:05:00+08:00"',
        ),
        ('function: emf:parseDateTime, parameters: [[emf:value, $(x)], [emf:format, "yyyyMMddHH"]]', "2020010908", '"2020-01-09T08:00:00"'),
    ],
)  # fmt: skip
def test_a_function_of_one_cell(
    from_csv: Callable[..., Outcome], call: str, text: str, expected: str
) -> None:
    outcome = from_csv(f"id,x\n1,{text}\n2,\n", _call(call))

    assert outcome.objects("p") == {expected}
    assert outcome.quarantine == []


def test_calls_nest_and_the_fault_shows_the_cell_as_it_stands(from_csv: Callable[..., Outcome]) -> None:
    inner = "{function: emf:normaliseWidth, parameters: [[emf:value, $(d)]]}"
    call = f'function: emf:parseDate, parameters: [[emf:value, {inner}], [emf:format, "%Y年%m月%d日"]]'

    outcome = from_csv(
        "id,d\n1,２０２０年１月１１日\n2,２０２０年２月３０日\n", _call(call, ", datatype: xsd:date")
    )

    assert outcome.objects("p") == {'"2020-01-11"^^<http://www.w3.org/2001/XMLSchema#date>'}
    assert outcome.faults() == {(3, "d", "２０２０年２月３０日", "bad-lexical-form")}


def test_an_impossible_date_is_quarantined_with_the_format(from_csv: Callable[..., Outcome]) -> None:
    outcome = from_csv("id,d\n1,2020年13月1日\n2,不详\n", _call(DATE))

    assert outcome.objects("p") == set()
    assert outcome.faults() == {
        (2, "d", "2020年13月1日", "bad-lexical-form"),
        (3, "d", "不详", "bad-lexical-form"),
    }
    assert "%Y年%m月%d日" in str(outcome.quarantine[0]["message"])


def test_a_function_is_applied_to_every_value_of_an_array(execute: Callable[..., Outcome]) -> None:
    mapping = f"""mappings:
  item:
    sources: [[a.json~jsonpath, "$[*]"]]
    s: ex:item/$(id)
    po:
      - [ex:p, {{{DATE.replace("$(d)", '"$(days[*])"')}}}]
      - [ex:q, {{function: emf:split, parameters: [[emf:value, "$(days[*])"], [emf:separator, "年"]]}}]
"""

    outcome = execute(mapping, a_json='[{"id": 1, "days": ["2020年1月1日", "2020年2月30日"]}]')

    assert outcome.objects("p") == {'"2020-01-01"'}
    assert outcome.objects("q") == {'"2020"', '"1月1日"', '"2月30日"'}
    assert outcome.faults() == {(1, "days[*]", "2020年2月30日", "bad-lexical-form")}


def test_coordinates_come_back_from_the_shifted_datum(from_csv: Callable[..., Outcome]) -> None:
    rng = random.Random(7)  # noqa: S311 — points, not secrets
    points = [(rng.uniform(75, 134), rng.uniform(18, 53)) for _ in range(50)]
    rows = "".join(
        f"{n},{lon!r},{lat!r}\n" for n, (lon, lat) in enumerate(_shifted(*point) for point in points)
    )
    call = "function: emf:gcj02ToWkt, parameters: [[emf:longitude, $(x)], [emf:latitude, $(y)]]"

    outcome = from_csv(f"id,x,y\n{rows}", _call(call))

    assert outcome.objects("p") == {f'"POINT({lon:.6f} {lat:.6f})"' for lon, lat in points}


def test_a_coordinate_outside_the_datum_names_its_own_column(from_csv: Callable[..., Outcome]) -> None:
    call = "function: emf:gcj02ToWkt, parameters: [[emf:longitude, $(x)], [emf:latitude, $(y)]]"

    outcome = from_csv("id,x,y\n1,31.2,121.4\n2,121.4,北\n3,121.4,31.2\n4,121.4,\n", _call(call))

    assert len(outcome.objects("p")) == 1
    assert outcome.faults() == {
        (2, "x", "31.2", "bad-coordinate"),
        (2, "y", "121.4", "bad-coordinate"),
        (3, "y", "北", "bad-coordinate"),
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("function: emf:trimm, parameters: [[emf:value, $(x)]]", "did you mean 'emf:trim'"),
        ("function: emf:trim, parameters: [[emf:valeu, $(x)]]", "did you mean 'emf:value'"),
        ("function: emf:trim, parameters: []", "needs emf:value"),
        (
            "function: emf:parseDate, parameters: [[emf:value, $(x)], [emf:format, $(x)]]",
            "must be a constant",
        ),
        (
            'function: emf:parseDateTime, parameters: [[emf:value, $(x)], [emf:format, "%Y"], [emf:zone, Mars]]',
            "no time zone known here",
        ),
    ],
)
def test_a_wrong_call_is_an_error_of_its_line(
    from_csv: Callable[..., Outcome], call: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message) as caught:
        from_csv("id,x\n1,a\n", _call(call))

    assert caught.value.location is not None
    assert caught.value.location.line == 8


def test_every_function_and_parameter_is_explained_in_both_languages() -> None:
    for function in FUNCTIONS.values():
        texts = [function.summary, function.summary_zh]
        texts += [
            text for parameter in function.parameters for text in (parameter.summary, parameter.summary_zh)
        ]
        assert all(texts)


def _shifted(longitude: float, latitude: float) -> tuple[float, float]:
    """The forward formula, written independently in plain floating point."""
    x, y = longitude - 105.0, latitude - 35.0
    sin, pi = math.sin, math.pi
    common = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
    d_lat += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    d_lat += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
    d_lon += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    d_lon += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    radians = latitude / 180 * pi
    magic = 1 - 0.00669342162296594323 * sin(radians) ** 2
    d_lat = d_lat * 180 / (6378245.0 * (1 - 0.00669342162296594323) / (magic * math.sqrt(magic)) * pi)
    d_lon = d_lon * 180 / (6378245.0 / math.sqrt(magic) * math.cos(radians) * pi)
    return longitude + d_lon, latitude + d_lat
