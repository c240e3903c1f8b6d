"""National codes, units, pseudonyms and coordinates as mapping functions, against computations of their own."""

from __future__ import annotations

import hashlib
import hmac
import math
from typing import TYPE_CHECKING

import pytest

from emkg.errors import MappingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Outcome

    FromCsv = Callable[..., Outcome]

KEY = "a key of twenty bytes"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _one(from_csv: FromCsv, call: str, *values: str) -> Outcome:
    rows = "".join(f'{number},"{value}"\n' for number, value in enumerate(values, 1))
    return from_csv("id,x\n" + rows, f"- [ex:p, {{{call}}}]")


def _credit_code(body: str) -> str:
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + ALPHABET[-total % 31]


def test_a_credit_code_is_judged_by_its_check_digit(from_csv: FromCsv) -> None:
    good = _credit_code("91310115MA1H7XYA2")
    bad = good[:-1] + ALPHABET[(ALPHABET.index(good[-1]) + 1) % 31]

    outcome = _one(
        from_csv, "function: emf:creditCode, parameters: [[emf:value, $(x)]]", good.lower(), bad, "9131O115"
    )

    assert outcome.objects("p") == {f'"{good}"'}
    assert outcome.faults() == {(3, "x", bad, "bad-code"), (4, "x", "9131O115", "bad-code")}


@pytest.mark.parametrize(
    ("digits", "value", "expected"),
    [
        ("6", "31", "310000"),
        ("6", "3101", "310100"),
        ("6", "310115", "310115"),
        ("6", "310115103007", "310115"),
        ("12", "310115103", "310115103000"),
        ("2", "310115", "31"),
    ],
)
def test_a_division_code_is_cut_or_filled(from_csv: FromCsv, digits: str, value: str, expected: str) -> None:
    call = f'function: emf:divisionCode, parameters: [[emf:value, $(x)], [emf:digits, "{digits}"]]'

    assert _one(from_csv, call, value).objects("p") == {f'"{expected}"'}


def test_what_is_no_division_code_is_quarantined(from_csv: FromCsv) -> None:
    outcome = _one(
        from_csv, "function: emf:divisionCode, parameters: [[emf:value, $(x)]]", "991234", "31011", "浦东"
    )

    assert outcome.objects("p") == set()
    assert {value for _, _, value, _ in outcome.faults()} == {"991234", "31011", "浦东"}


@pytest.mark.parametrize(
    ("source", "target", "value", "expected"),
    [
        ("km/h", "m/s", "36", "10"),
        ("m/s", "km/h", "12.5", "45"),
        ("[degF]", "Cel", "212", "100"),
        ("Cel", "K", "-273.15", "0"),
        ("mg/m3", "ug/m3", "0.075", "75"),
        ("[mu]", "m2", "3", "2000"),
        ("10*4", "1", "1.2", "12000"),
        ("mm", "cm", "25", "2.5"),
        ("mm", "mm", "100", "100"),
        ("m", "[ft_i]", "1", "3.280839895"),
        ("kPa", "hPa", "1e2", "1000"),
        ("L", "m3", "-.5", "-0.0005"),
    ],
)
def test_a_number_in_another_unit(
    from_csv: FromCsv, source: str, target: str, value: str, expected: str
) -> None:
    call = f'function: emf:convertUnit, parameters: [[emf:value, $(x)], [emf:from, "{source}"], [emf:to, "{target}"]]'

    assert _one(from_csv, call, value).objects("p") == {f'"{expected}"'}


def test_a_number_that_is_none_and_units_that_do_not_fit(from_csv: FromCsv) -> None:
    call = "function: emf:convertUnit, parameters: [[emf:value, $(x)], [emf:from, {}], [emf:to, {}]]"
    lines = call.format("m/s", "km/h")

    assert {value for _, _, value, _ in _one(from_csv, lines, "0x10", "3级", "NaN").faults()} == {
        "0x10",
        "3级",
        "NaN",
    }
    with pytest.raises(MappingError, match=r"'kg' is no unit of speed"):
        _one(from_csv, call.format("m/s", "kg"), "1")
    with pytest.raises(MappingError, match=r"'km/hh' is no unit; did you mean 'km/h'"):
        _one(from_csv, call.format("km/hh", "m/s"), "1")


@pytest.mark.parametrize("value", ["王某", "31010119900101001X", "a" * 200, "'\"\\"])
def test_a_pseudonym_is_the_hmac_of_the_value(
    from_csv: FromCsv, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CITY_KEY", KEY)
    call = "function: emf:pseudonym, parameters: [[emf:value, $(x)], [emf:key, CITY_KEY]]"

    outcome = _one(from_csv, call, value.replace('"', '""'))

    assert outcome.objects("p") == {f'"{hmac.new(KEY.encode(), value.encode(), hashlib.sha256).hexdigest()}"'}


@pytest.mark.parametrize("key", [None, "short", "x" * 65])
def test_a_pseudonym_needs_a_key(from_csv: FromCsv, monkeypatch: pytest.MonkeyPatch, key: str | None) -> None:
    monkeypatch.delenv("CITY_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("CITY_KEY", key)

    with pytest.raises(MappingError, match="CITY_KEY must hold the key") as raised:
        _one(from_csv, "function: emf:pseudonym, parameters: [[emf:value, $(x)], [emf:key, CITY_KEY]]", "a")

    assert raised.value.location is not None
    assert key is None or key not in str(raised.value)


def _to_baidu(east: float, north: float) -> tuple[float, float]:
    turn = math.pi * 3000 / 180
    radius = math.hypot(east, north) + 0.00002 * math.sin(north * turn)
    angle = math.atan2(north, east) + 0.000003 * math.cos(east * turn)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def test_bd09_is_gcj02_moved_once_more(from_csv: FromCsv) -> None:
    """Moving a GCJ-02 point to BD-09 by the published formula must not change the WGS 84 point."""
    places = [(121.4737, 31.2304), (116.3974, 39.9093), (87.6168, 43.8256), (113.2644, 23.1291)]
    moved = [_to_baidu(*place) for place in places]
    parameters = "parameters: [[emf:longitude, $(x)], [emf:latitude, $(y)]]"
    rows = [
        "id,x,y\n" + "".join(f"{i},{x:.9f},{y:.9f}\n" for i, (x, y) in enumerate(points))
        for points in (places, moved)
    ]

    gcj = from_csv(rows[0], f"- [ex:p, {{function: emf:gcj02ToWkt, {parameters}}}]")
    baidu = from_csv(rows[1], f"- [ex:p, {{function: emf:bd09ToWkt, {parameters}}}]")

    assert len(gcj.objects("p")) == len(places)
    assert gcj.objects("p") == baidu.objects("p")


def test_wgs84_is_checked_against_the_globe(from_csv: FromCsv) -> None:
    outcome = from_csv(
        "id,x,y\n1,121.4737,31.2304\n2,31.2304,121.4737\n3,,1\n",
        "- [ex:p, {function: emf:wgs84ToWkt, parameters: [[emf:longitude, $(x)], [emf:latitude, $(y)]]}]",
    )

    assert outcome.objects("p") == {'"POINT(121.473700 31.230400)"'}
    assert outcome.faults() == {(3, "y", "121.4737", "bad-coordinate")}
