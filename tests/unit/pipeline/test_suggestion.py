"""A first mapping of a file: proposals with reasons, nothing below the threshold, and a text that lints and runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emkg.content import content_root
from emkg.errors import InputError
from emkg.pipeline.map_run import map_run
from emkg.pipeline.suggestion import ENOUGH, Suggestion, suggest_mapping
from emkg.pipeline.suggestion_yaml import suggestion_yaml

if TYPE_CHECKING:
    from pathlib import Path

EM = "https://w3id.org/emkg/ontology#"


def _suggest(tmp_path: Path, name: str, text: str) -> Suggestion:
    (tmp_path / name).write_text(text, "utf-8")
    return suggest_mapping(tmp_path / name, content_root())


def _chosen(suggestion: Suggestion) -> dict[str, str]:
    return {
        one.column.name: one.chosen.target.iri.removeprefix(EM) for one in suggestion.columns if one.chosen
    }


SCHOOLS = "学校标识码,学校名称,学段,在校生数,行政区划代码,校长电话\nS01,一小,小学,300,310101,13800138000\nS02,二中,中学,500,310104,13800138001\n"


def test_columns_get_properties_by_their_chinese_names_and_codes(tmp_path: Path) -> None:
    suggestion = _suggest(tmp_path, "schools.csv", SCHOOLS)

    chosen = _chosen(suggestion)
    assert suggestion.classes[0].term.iri == EM + "School"
    assert suggestion.key == ("学校标识码",)
    assert chosen["学校标识码"] == "facilityCode"
    assert chosen["学校名称"].endswith("label")
    assert (chosen["学段"], chosen["在校生数"]) == ("schoolKind", "studentCount")
    assert chosen["行政区划代码"] in {"locatedIn", "jurisdiction"}
    assert "校长电话" not in chosen


def test_hxl_tags_are_words_too(tmp_path: Path) -> None:
    text = "c1,c2,c3\n#meta+id,#affected+killed,#affected+injured\nA,1,2\nB,0,3\n"

    suggestion = _suggest(tmp_path, "x.csv", text)

    assert suggestion.table.sample.options["skipAfterHeader"] == 1
    assert [row for row, _ in suggestion.table.sample.rows] == [3, 4]
    assert (_chosen(suggestion)["c2"], _chosen(suggestion)["c3"]) == ("deathCount", "injuredCount")


def test_values_that_do_not_fit_the_range_speak_against_a_property(tmp_path: Path) -> None:
    suggestion = _suggest(tmp_path, "x.csv", "no,受伤人数\n1,若干\n2,不少\n")

    assert "受伤人数" not in _chosen(suggestion)


def test_every_proposal_has_a_score_and_a_reason_and_the_rest_is_named(tmp_path: Path) -> None:
    suggestion = _suggest(tmp_path, "schools.csv", SCHOOLS)
    text = suggestion_yaml(suggestion, "schools.csv")

    for one in suggestion.columns:
        if one.chosen:
            assert one.chosen.score >= ENOUGH
            assert one.chosen.reason
            assert f"# {one.chosen.score:.2f}: " in text
        else:
            assert f"# not mapped: {one.column.name}" in text


def test_without_a_key_the_row_is_the_subject_and_without_a_class_none_is_claimed(tmp_path: Path) -> None:
    suggestion = _suggest(tmp_path, "x.csv", "甲,乙\n1,1\n1,1\n")
    text = suggestion_yaml(suggestion, "x.csv")

    assert suggestion.key == ()
    assert "rowNumber" in text
    assert "# a: no class is certain" in text


def test_personal_data_is_not_proposed_whatever_it_is_called(tmp_path: Path) -> None:
    suggestion = _suggest(tmp_path, "x.csv", "编号,备注\n1,联系 13800138000\n2,联系 13800138001\n")

    assert "备注" not in _chosen(suggestion)
    assert "备注 (mobile telephone number: map it only where" in suggestion_yaml(suggestion, "x.csv")


def test_a_class_without_what_it_must_have_is_named_and_not_stated(tmp_path: Path) -> None:
    suggestion = _suggest(tmp_path, "x.csv", "no,mag,depth\n1,5.5,10.5\n2,6.5,20.5\n")
    text = suggestion_yaml(suggestion, "x.csv")

    assert "# add em:eventType, em:startDate, which a record of this class must have" in text
    assert "# - [a, em:Event]" in text


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("3101", '"code:division/$(区划代码)00~iri"'),
        ("310101", '"code:division/$(区划代码)~iri"'),
        ("310101001", "its codes have 9 digits and the graph's have 6"),
    ],
)
def test_division_codes_become_those_of_the_graph_or_say_why_not(
    tmp_path: Path, code: str, line: str
) -> None:
    suggestion = _suggest(tmp_path, "x.csv", f"编号,区划代码\n1,{code}\n2,{code}\n")

    assert line in suggestion_yaml(suggestion, "x.csv")


@pytest.mark.parametrize(
    ("header", "row", "line"),
    [
        ("lon,lat", "121.47,31.23", '"POINT($(lon) $(lat))"'),
        ("lon,lat", "31.23,121.47", '"POINT($(lat) $(lon))"'),
        ("gcj02_lng,gcj02_lat", "121.47,31.23", "function: emf:gcj02ToWkt"),
        ("bd09_lng,bd09_lat", "121.47,31.23", "its name says BD-09: convert them before"),
    ],
)
def test_degrees_become_a_point_in_the_right_order_and_datum(
    tmp_path: Path, header: str, row: str, line: str
) -> None:
    suggestion = _suggest(tmp_path, "x.csv", f"no,{header}\n1,{row}\n2,{row}\n")

    assert line in suggestion_yaml(suggestion, "x.csv")


TWO_ARRAYS = json.dumps(
    {
        "log": [{"a": 1}, {"a": 2}, {"a": 3}],
        "schools": [{"学校名称": "一小", "学段": "小学"}, {"学校名称": "二小", "学段": "小学"}],
    }
)


def test_the_table_that_fits_best_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    suggestion = _suggest(tmp_path, "x.json", TWO_ARRAYS)

    assert suggestion.table.sample.name == "$.schools[*]"
    assert "# Of $.schools[*] only; `--table` takes the others: $.log[*]" in suggestion_yaml(
        suggestion, "x.json"
    )


def test_a_table_is_taken_by_its_name_and_a_wrong_name_is_refused(tmp_path: Path) -> None:
    _suggest(tmp_path, "x.json", TWO_ARRAYS)

    named = suggest_mapping(tmp_path / "x.json", content_root(), table="$.log[*]")

    assert named.table.sample.name == "$.log[*]"
    with pytest.raises(InputError, match=r"no table \$\.logs\[\*\].*\$\.log\[\*\]"):
        suggest_mapping(tmp_path / "x.json", content_root(), table="$.logs[*]")


def test_prefixes_numbers_and_languages_are_no_part_of_a_name(tmp_path: Path) -> None:
    items = "".join(
        f"<c:info><c:headline>预警{n}</c:headline><c:severity>Minor</c:severity><c:remark2>无事{n}</c:remark2></c:info>"
        for n in range(2)
    )

    suggestion = _suggest(tmp_path, "x.xml", f'<c:alert xmlns:c="urn:c">{items}</c:alert>')

    chosen = _chosen(suggestion)
    assert (chosen["c:headline"], chosen["c:severity"], chosen["c:remark2"]) == (
        "headline",
        "severity",
        "remark",
    )


FILES = {
    "moments.jsonl": '{"id": "a", "mag": 5.5, "time": 1724112000000}\n{"id": "b", "mag": 6.5, "time": 1724112001000}\n',
    "schools.csv": SCHOOLS,
    "updates.csv": "报道时间,城市,新增确诊,新增死亡\n2020年1月11日,武汉市,41,1\n2020年1月12日,武汉市,0,0\n",
    "accidents.json": '{"accidents": [{"编号": "A1", "gcj02_lng": "121.47", "gcj02_lat": "31.23", "受伤": 2}, {"编号": "A2", "gcj02_lng": "121.48", "gcj02_lat": "31.24", "受伤": 0}]}',
    "odd (names.csv": '发生(日期,名 "称" #1\n2026-08-01,a\n2026-08-02,b\n',
}


@pytest.mark.parametrize("name", FILES)
def test_a_suggestion_lints_and_runs_on_its_file(tmp_path: Path, name: str) -> None:
    suggestion = _suggest(tmp_path, name, FILES[name])
    mapping = tmp_path / "m.yml"
    mapping.write_text(suggestion_yaml(suggestion, name), "utf-8")

    report = map_run([mapping], tmp_path / "out.nq", base="https://w3id.org/emkg/id/")

    assert report.rows == 2
    assert report.quarantined == {}
    mapped = sum(one.chosen is not None for one in suggestion.columns)
    assert report.statements >= mapped
