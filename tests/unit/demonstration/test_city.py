from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from emkg.demonstration import City, generate_city
from emkg.demonstration.organisation import REGISTER

if TYPE_CHECKING:
    from pathlib import Path


def _contents(city: City) -> dict[str, bytes]:
    return {file: (city.directory / file).read_bytes() for file in city.files}


def test_the_same_seed_gives_the_same_bytes(city: City, tmp_path: Path) -> None:
    again = generate_city(tmp_path)

    assert _contents(again) == _contents(city)
    assert again.faults == city.faults


def test_another_seed_gives_other_exports_and_the_same_register(city: City, tmp_path: Path) -> None:
    other = _contents(generate_city(tmp_path, seed=7))

    changed = {file for file, content in _contents(city).items() if other[file] != content}

    assert {file.split("/")[0] for file in changed} == {
        "environment",
        "health",
        "police",
        "education",
        "economy",
    }


def test_scale_multiplies_the_rows_and_not_the_faults(city: City, tmp_path: Path) -> None:
    large = generate_city(tmp_path, scale=3)
    duplicates = {
        "environment/air-quality.csv": 2,
        "police/accidents.json": 1,
        "economy/enterprises.jsonl": 1,
    }

    for file, rows in city.rows.items():
        if file.startswith(("weather", "organisation")):
            assert large.rows[file] == rows
        else:
            extra = duplicates.get(file, 0)
            assert large.rows[file] == 3 * (rows - extra) + extra
    assert [fault.fault for fault in large.faults] == [fault.fault for fault in city.faults]


def test_scale_one_has_some_fifteen_hundred_rows(city: City) -> None:
    assert 1500 <= sum(city.rows.values()) <= 2500


def test_a_scale_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="positive"):
        generate_city(tmp_path, scale=0)


def test_the_event_key_names_the_first_day(tmp_path: Path) -> None:
    city = generate_city(tmp_path, start=date(2025, 12, 1))

    assert city.event_key == "haze-20251201"
    assert city.event_key in (tmp_path / "weather/warning-1.xml").read_text(encoding="utf-8")


def test_another_week_keeps_closures_in_order(tmp_path: Path) -> None:
    generate_city(tmp_path, start=date(2026, 8, 10))

    text = (tmp_path / "economy/production-stops.jsonl").read_text(encoding="utf-8")
    starts = re.findall(r'"start": "([^"]+)", "end": "([^"]+)"', text)

    assert all(start <= end for start, end in starts if start != "2026-02-30")


@pytest.mark.parametrize("start", [date(2015, 11, 27), date(2026, 8, 10)])
def test_a_planted_end_lies_before_its_start_in_any_week(tmp_path: Path, start: date) -> None:
    city = generate_city(tmp_path, start=start)

    ends = [fault.value for fault in city.faults if fault.fault.id == "closure-end"]

    assert len(ends) == 2
    for end in ends:
        year, month, day = map(int, re.findall(r"\d+", end))
        assert date(year, month, day) < start


def test_every_organisation_and_place_is_named_as_generated(city: City) -> None:
    rows = "\n".join(
        (city.directory / file).read_text(encoding="utf-8")
        for file in ("police/key-sites.csv", "economy/enterprises.jsonl")
    )

    names = re.findall(r'"name": "([^"]+)"', rows) + re.findall(r"^ZD\d+,([^,]+),", rows, flags=re.MULTILINE)

    assert len(names) > 100
    assert all(
        re.fullmatch(r"示范(企业\d{4}(（分厂）)?|第?[一二三四五六七八九十百零]+小(学)?)", name)
        for name in names
    )


def test_no_column_or_member_is_for_a_person(city: City) -> None:
    text = "".join(
        (city.directory / file)
        .read_bytes()
        .decode("gb18030" if "air-quality" in file else "utf-8", "replace")
        for file in city.files
    )

    assert not re.search(
        r"姓名|身份证|手机|联系人|驾驶人|患者|patient|driver|contact|phone", text, flags=re.IGNORECASE
    )


def test_posts_are_posts_and_not_persons() -> None:
    _, *posts = REGISTER["organisation/posts.csv"]

    assert all(re.fullmatch(r"(常务副|副)?市长(（分管[^）]+）)?", name) for _, name, _ in posts)
