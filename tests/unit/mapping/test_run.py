from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from emkg.errors import CancelledError, DataError, MappingError
from emkg.mapping import Hooks, run_mapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.mapping import Mapping, Progress

    from .conftest import Outcome

TWO_MAPS = """mappings:
  person:
    sources: [[p.csv~csv]]
    s: ex:person/$(id)
    po:
      - [a, ex:Person]
      - [ex:name, $(name), zh~lang]
      - p: ex:unit
        o:
          mapping: unit
          condition: {function: equal, parameters: [[str1, $(unit)], [str2, $(code)]]}
  unit:
    sources: [[u.csv~csv]]
    s: ex:unit/$(code)
    po: [[ex:title, $(title)]]
"""
PEOPLE = "id,name,unit\n1,张三,a\n2,李四,b\n3,王五,c\n4,赵六,\n"
UNITS = "code,title\na,消防\nb,卫健\na,消防局\n"
ITEM = "<http://example.org/item/1>"


def test_templates_constants_languages_and_a_join_become_distinct_statements(
    execute: Callable[..., Outcome],
) -> None:
    outcome = execute(TWO_MAPS, p_csv=PEOPLE, u_csv=UNITS)

    assert '<http://example.org/person/1> <http://example.org/name> "张三"@zh' in outcome.statements
    links = {(row["s"], row["o"]) for row in outcome.rows if row["p"] == "<http://example.org/unit>"}
    assert links == {
        ("<http://example.org/person/1>", "<http://example.org/unit/a>"),
        ("<http://example.org/person/2>", "<http://example.org/unit/b>"),
    }
    assert len(outcome.statements) == 4 + 4 + 2 + 3
    assert outcome.quarantine == []


def test_the_report_counts_rows_statements_and_faults(execute: Callable[..., Outcome]) -> None:
    outcome = execute(TWO_MAPS, p_csv=PEOPLE + ",无名,a\n", u_csv=UNITS)

    assert [(one.file, one.rows) for one in outcome.report.triples_maps] == [("p.csv", 5), ("u.csv", 3)]
    assert outcome.report.rows == 8
    assert outcome.report.quarantined == {"empty-key": 1}
    assert outcome.report.statements >= len(outcome.statements)
    assert outcome.report.seconds > 0


def test_the_order_of_rows_does_not_matter(execute: Callable[..., Outcome]) -> None:
    header, *rows = PEOPLE.splitlines()

    forwards = execute(TWO_MAPS, p_csv=PEOPLE, u_csv=UNITS)
    backwards = execute(TWO_MAPS, p_csv="\n".join([header, *reversed(rows)]) + "\n", u_csv=UNITS)

    assert forwards.statements == backwards.statements


def test_a_repeated_key_makes_no_statement_twice_beside_a_missing_one(
    execute: Callable[..., Outcome],
) -> None:
    outcome = execute(TWO_MAPS, p_csv=PEOPLE + "1,张三,a\n,无名,a\n", u_csv=UNITS)

    rows = [(row["s"], row["p"], row["o"]) for row in outcome.rows]
    assert len(rows) == len(set(rows))


def test_a_bad_value_withholds_its_own_statement_only(from_csv: Callable[..., Outcome]) -> None:
    outcome = from_csv("id,n,name\n1,x,a\n2,5,b\n", "- [ex:n, $(n), xsd:integer]\n- [ex:name, $(name)]")

    assert outcome.objects("n") == {'"5"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert outcome.objects("name") == {'"a"', '"b"'}
    [record] = outcome.quarantine
    assert (record["dataset"], record["file"], record["row"], record["column"]) == (
        "test/set",
        "a.csv",
        2,
        "n",
    )
    assert record["message"] == "'x' is not xsd:integer"
    assert record["message_zh"] == "“x”不符合 xsd:integer"
    assert str(record["mapping"]).endswith("mapping.yml:8")


def test_a_cell_used_twice_is_quarantined_once(from_csv: Callable[..., Outcome]) -> None:
    outcome = from_csv("id,n\n1,x\n", "- [ex:n, $(n), xsd:integer]\n- [ex:m, $(n), xsd:integer]")

    assert outcome.faults() == {(2, "n", "x", "bad-lexical-form")}
    assert len(outcome.quarantine) == 1


def test_a_strict_run_ends_where_no_item_has_what_is_referred_to(
    execute: Callable[..., Outcome],
) -> None:
    mapping = """sources:
  a: {access: a.json, referenceFormulation: jsonpath, iterator: "$[*]"}
mappings:
  m: {sources: [a], s: "ex:$(id)", po: [[ex:n, $(nmae)]]}
"""
    a_json = '[{"id": 1, "name": "x"}, {"id": 2}]'

    assert execute(mapping, a_json=a_json).statements == set()
    with pytest.raises(DataError, match="no item has nmae") as caught:
        execute(mapping, a_json=a_json, strict=True)

    assert caught.value.location is not None
    assert caught.value.location.field == "nmae"


def test_a_strict_run_ends_at_the_first_bad_value(from_csv: Callable[..., Outcome]) -> None:
    with pytest.raises(DataError) as caught:
        from_csv("id,n\n1,5\n2,x\n3,y\n", "- [ex:n, $(n), xsd:integer]", strict=True)

    assert caught.value.location is not None
    assert str(caught.value).startswith("a.csv row 3 column n: 'x' is not xsd:integer")
    assert caught.value.message_zh


def test_an_empty_key_loses_a_row_and_says_so_once(from_csv: Callable[..., Outcome]) -> None:
    table = "id,part,name\n1,,lost\n,2,lost too\n,,\n3,4,kept\n"

    outcome = from_csv(table, "- [ex:name, $(name)]\n- [ex:label, $(name)]", subject="ex:item/$(id)/$(part)")

    assert outcome.objects("name") == {'"kept"'}
    assert outcome.faults() == {(2, "part", "", "empty-key"), (3, "id", "", "empty-key")}


def test_an_empty_key_is_no_fault_where_the_values_are_said_of_another_subject(
    execute: Callable[..., Outcome],
) -> None:
    mapping = """mappings:
  change:
    sources: [[a.csv~csv]]
    s: ex:change/$(id)
    po: [[ex:from, $(old)], [ex:to, $(new)]]
  new:
    sources: [[a.csv~csv]]
    s: ex:article/$(new)
    po: [[ex:replaces, "ex:article/$(old)~iri"]]
"""

    outcome = execute(mapping, a_csv="id,old,new\n1,95,261\n2,96,\n")

    assert outcome.quarantine == []


def test_undecodable_bytes_reach_the_quarantine_once(execute: Callable[..., Outcome]) -> None:
    mapping = (
        "mappings:\n  item:\n    sources: [[a.csv~csv]]\n    s: ex:item/$(id)\n    po: [[ex:name, $(name)]]\n"
    )

    outcome = execute(mapping, a_csv=b"id,name\n\xff1,a\n2,b\n")

    assert [record["reason"] for record in outcome.quarantine] == ["undecodable"]
    assert outcome.objects("name") == {'"b"'}
    with pytest.raises(DataError):
        execute(mapping, a_csv=b"id,name\n\xff1,a\n2,b\n", strict=True)


def test_a_second_reading_of_the_statements_gives_the_same(parse: Callable[..., Mapping]) -> None:
    mapping = parse(TWO_MAPS, p_csv=PEOPLE, u_csv=UNITS)

    with run_mapping(mapping, dataset="a/b", base="http://base.example/") as run:
        first, second = (sorted(map(str, run.statements().read_all().to_pylist())) for _ in range(2))

    assert first == second


def test_progress_names_each_triples_map_and_its_counts(execute: Callable[..., Outcome]) -> None:
    seen: list[Progress] = []

    execute(TWO_MAPS, hooks=Hooks(progress=seen.append), p_csv=PEOPLE, u_csv=UNITS)

    assert [(one.rows, one.statements) for one in seen] == [(4, 8), (3, 3)]


def test_a_cancelled_run_stops(execute: Callable[..., Outcome]) -> None:
    cancelled = threading.Event()
    cancelled.set()

    with pytest.raises(CancelledError):
        execute(TWO_MAPS, hooks=Hooks(cancelled=cancelled), p_csv=PEOPLE, u_csv=UNITS)


def test_cancelling_interrupts_a_running_query(execute: Callable[..., Outcome]) -> None:
    cancelled = threading.Event()
    mapping = """mappings:
  item:
    sources: [[a.csv~csv]]
    s: ex:item/$(id)
    po:
      - p: ex:with
        o:
          mapping: item
          condition: {function: equal, parameters: [[str1, $(all)], [str2, $(all)]]}
"""
    table = "id,all\n" + "".join(f"{number},x\n" for number in range(30_000))
    timer = threading.Timer(1.0, cancelled.set)

    timer.start()
    with pytest.raises(CancelledError):
        execute(mapping, hooks=Hooks(cancelled=cancelled), a_csv=table)


def test_an_uncancelled_event_changes_nothing(execute: Callable[..., Outcome]) -> None:
    outcome = execute(TWO_MAPS, hooks=Hooks(cancelled=threading.Event()), p_csv=PEOPLE, u_csv=UNITS)

    assert len(outcome.statements) == 13


def test_a_mapping_without_statements_gives_an_empty_stream(execute: Callable[..., Outcome]) -> None:
    mapping = "mappings:\n  item:\n    sources: [[a.csv~csv]]\n    s: ex:item/$(id)\n"

    assert execute(mapping, a_csv="id\n1\n").statements == set()


def test_a_reference_to_another_source_without_a_join_is_refused(execute: Callable[..., Outcome]) -> None:
    mapping = TWO_MAPS.replace(
        "condition: {function: equal, parameters: [[str1, $(unit)], [str2, $(code)]]}", "condition: []"
    )

    with pytest.raises(MappingError, match="needs a join condition"):
        execute(mapping, p_csv=PEOPLE, u_csv=UNITS)


def test_a_reference_without_a_join_takes_the_subject_of_the_same_row(
    execute: Callable[..., Outcome],
) -> None:
    mapping = """mappings:
  person:
    sources: [[a.csv~csv]]
    s: ex:person/$(id)
    po: [[ex:plays, {mapping: sport}]]
  sport:
    sources: [[a.csv~csv]]
    s: ex:sport/$(sport)
    po: [[ex:name, $(sport)]]
"""

    outcome = execute(mapping, a_csv="id,sport\n1,网球\n2,\n")

    assert outcome.objects("plays") == {"<http://example.org/sport/网球>"}


def test_cancelling_stops_the_stream_of_statements(parse: Callable[..., Mapping]) -> None:
    cancelled = threading.Event()
    mapping = parse(
        "mappings:\n  item:\n    sources: [[a.csv~csv]]\n    s: ex:item/$(id)\n    po: [[ex:id, $(id)]]\n",
        a_csv="id\n" + "".join(f"{number}\n" for number in range(250_000)),
    )

    with run_mapping(mapping, dataset="a/b", base="", hooks=Hooks(cancelled=cancelled)) as run:
        reader = run.statements()
        next(reader)
        cancelled.set()

        with pytest.raises(CancelledError):
            reader.read_all()
