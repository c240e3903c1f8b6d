"""What each export looks like to somebody who reads it without this package."""

from __future__ import annotations

import csv
import itertools
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.demonstration import City

CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}


def test_air_quality_is_gb18030_with_chinese_headers_and_crlf(city: City) -> None:
    content = (city.directory / "environment/air-quality.csv").read_bytes()

    assert content.startswith("站点编号,站点名称,行政区划代码,监测时间,PM2.5,PM10".encode("gb18030"))
    assert content.count(b"\r\n") == content.count(b"\n") == city.rows["environment/air-quality.csv"] + 1
    assert content.count(b"\xff") == 1


@pytest.mark.shared
def test_every_warning_validates_against_the_cap_schema(city: City, shared_dir: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared_dir / "data/15-schemas/cap12.xsd"))

    for number in range(1, 6):
        schema.assertValid(etree.parse(city.directory / f"weather/warning-{number}.xml"))


def test_the_haze_warnings_name_one_incident_and_refer_back(city: City) -> None:
    alerts = [etree.parse(city.directory / f"weather/warning-{number}.xml") for number in (1, 2, 3)]

    assert {alert.findtext("cap:incidents", namespaces=CAP) for alert in alerts} == {city.event_key}
    assert [alert.findtext("cap:msgType", namespaces=CAP) for alert in alerts] == [
        "Alert",
        "Update",
        "Cancel",
    ]
    for earlier, later in itertools.pairwise(alerts):
        parts = [earlier.findtext(f"cap:{tag}", namespaces=CAP) for tag in ("sender", "identifier", "sent")]
        assert later.findtext("cap:references", namespaces=CAP) == ",".join(str(part) for part in parts)


def test_a_warning_speaks_chinese_and_english_of_the_same_hazard(city: City) -> None:
    alert = etree.parse(city.directory / "weather/warning-1.xml")

    assert [node.text for node in alert.iterfind("cap:info/cap:language", CAP)] == ["zh-CN", "en-US"]
    assert {node.text for node in alert.iterfind("cap:info/cap:eventCode/cap:value", CAP)} == {"11B19"}
    assert {node.text for node in alert.iterfind("cap:info/cap:area/cap:geocode/cap:value", CAP)} == {
        "310000"
    }


def test_clinic_visits_are_counts_by_day_and_code(city: City) -> None:
    with closing(sqlite3.connect(city.directory / "health/clinic-visits.sqlite")) as database:
        (clinics,) = database.execute("SELECT count(*) FROM clinic").fetchone()
        counts, keys, unknown = database.execute(
            "SELECT count(*), count(DISTINCT count_no), sum(clinic_id NOT IN (SELECT clinic_id FROM clinic))"
            " FROM visit_count"
        ).fetchone()

    assert clinics + counts == city.rows["health/clinic-visits.sqlite"]
    assert (keys, unknown) == (counts, 0)


def test_accidents_are_nested_with_gcj02_coordinates(city: City) -> None:
    content = json.loads((city.directory / "police/accidents.json").read_text(encoding="utf-8"))

    assert content["coordinateSystem"] == "GCJ-02"
    assert len(content["accidents"]) == city.rows["police/accidents.json"]
    assert set(content["accidents"][0]["position"]) == {"longitude", "latitude", "road", "district"}


def test_the_workbook_has_titles_above_its_headers(city: City) -> None:
    book = CalamineWorkbook.from_path(str(city.directory / "education/schools.xlsx"))
    schools, closures = (book.get_sheet_by_name(name).to_python() for name in ("学校名录", "停课通知"))

    assert [cell for cell in schools[0] if cell] == ["示范市学校名录（演示数据）"]
    assert schools[1][:2] == ["学校代码", "学校名称"]
    assert closures[1][:2] == ["通知编号", "停课学校代码"]
    assert len(schools) + len(closures) - 4 == city.rows["education/schools.xlsx"]


def test_production_stops_name_listed_enterprises_but_for_the_planted_one(city: City) -> None:
    firms, stops = (
        [json.loads(line) for line in (city.directory / file).read_text(encoding="utf-8").splitlines()]
        for file in ("economy/enterprises.jsonl", "economy/production-stops.jsonl")
    )
    missing = {stop["creditCode"] for stop in stops} - {firm["creditCode"] for firm in firms}

    assert missing == {fault.value for fault in city.faults if fault.fault.id == "stop-enterprise"}


def test_the_register_is_a_rectangle_in_every_file(city: City) -> None:
    for file in (file for file in city.files if file.startswith("organisation/")):
        with (city.directory / file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) == city.rows[file] + 1
