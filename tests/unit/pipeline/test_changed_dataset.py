"""A dataset of which a part changed is run in part, and ledger, quarantine and report are those of a run of all of it."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from emkg.ledger import Ledger
from emkg.mapping import MappingRun
from emkg.pipeline import ingest as ingest_module
from emkg.pipeline.dataset import Dataset, GatePolicy, Policy
from emkg.pipeline.gate import Gate
from emkg.pipeline.ingest import IngestInputs, ingest
from emkg.pipeline.report import Outcome
from emkg.vocabulary import REPORT_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emkg.pipeline.report import DatasetReport

EXAMPLES = int(os.environ.get("EMKG_RANDOM_CHANGES", "4"))
MAPPING = """\
prefixes: {ex: "http://e/"}
mappings:
  unit:
    sources: [[unit.csv~csv]]
    s: ex:unit/$(code)
    po: [[a, ex:Unit], [ex:title, $(title), zh~lang], [ex:size, $(size), xsd:integer]]
  person:
    sources: [[person.csv~csv]]
    s: ex:person/$(id)
    po:
      - [a, ex:Person]
      - [ex:name, $(name)]
      - [ex:born, $(born), xsd:date]
      - [ex:rank, "ex:rank/$(rank)~iri"]
      - p: ex:unit
        o:
          mapping: unit
          condition: {function: equal, parameters: [[str1, $(unit)], [str2, $(code)]]}
"""
SHAPES = """\
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property
  [ sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 ] ,
  [ sh:path ex:unit ; sh:class ex:Open ] ,
  [ sh:path ex:rank ; sh:class ex:Rank ; sh:severity sh:Warning ] ,
  [ sh:path ( ex:unit ex:title ) ; sh:minCount 1 ; sh:severity sh:Warning ] .
ex:UnitShape a sh:NodeShape ; sh:targetClass ex:Unit ; sh:property
  [ sh:path [ sh:inversePath ex:unit ] ; sh:maxCount 1 ] , [ sh:path ex:size ; sh:maxInclusive 5 ] .
ex:RankShape a sh:NodeShape ; sh:targetObjectsOf ex:rank ; sh:property [ sh:path ex:label ; sh:minCount 1 ; sh:severity sh:Info ] .
"""
UNIT, PERSON = ("code", "title", "size"), ("id", "unit", "name", "born", "rank")
GRAPHS = ("http://e/graph/people", "http://e/graph/ranks")
HELD = (*GRAPHS, REPORT_GRAPH)


class World:
    """A ledger of two datasets: people and units from tables, ranks and open units from RDF."""

    def __init__(self, folder: Path, *, keeps: bool) -> None:
        self.folder = folder
        self.ledger = Ledger.open(None)
        self.rows_root = folder / "rows" if keeps else None
        for name, text in (("m.yml", MAPPING), ("s.ttl", SHAPES)):
            (folder / name).write_text(text, encoding="utf-8")
        self.gate = Gate.of([folder / "s.ttl"])
        self.policy = GatePolicy()

    def write(self, state: State) -> None:
        units, persons, ranks, _ = state
        for name, heads, rows in (("unit", UNIT, units), ("person", PERSON, persons)):
            lines = [",".join(row) for row in (heads, *rows)]
            (self.folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (self.folder / "ranks.ttl").write_text(
            "@prefix ex: <http://e/> .\n" + "\n".join(ranks), encoding="utf-8"
        )

    def ingest(self) -> list[DatasetReport]:
        people = Dataset("e/people", GRAPHS[0], mapping=self.folder / "m.yml", policy=self.policy)
        ranks = Dataset("e/ranks", GRAPHS[1], rdf_files=(self.folder / "ranks.ttl",))
        inputs = IngestInputs(self.ledger, "http://b/", rows_root=self.rows_root, gate=self.gate)
        return list(ingest([ranks, people], inputs).datasets)

    def release(self) -> None:
        """Whatever waits is accepted as it stands."""
        waiting = self.ledger.quarantine.waiting("e/people")
        self.ledger.quarantine.release("e/people", sorted(waiting), "as it is")

    def held(self) -> dict[str, object]:
        """All that a user can see."""
        waiting = self.ledger.quarantine
        return {
            "statements": _rows(self.ledger.statements(graphs=HELD).read_all().to_pylist()),
            "records": [
                one.replace(str(self.folder), "") for one in _rows(waiting.records().read_all().to_pylist())
            ],
            "waiting": _rows(waiting.statements().read_all().to_pylist()),
        }


def _rows(rows: list[dict[str, object]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _told(report: DatasetReport) -> dict[str, object]:
    told = asdict(report) | {"findings": sorted(map(repr, report.findings)), "seconds": 0, "generation": 0}
    return {name: str(value) for name, value in told.items()}


codes = st.sampled_from(["a", "b", "c", "d"])
units = st.tuples(
    st.sampled_from([*"abcd", ""]), st.sampled_from(["", "t", "u"]), st.sampled_from(["", "1", "7", "many"])
)
persons = st.tuples(
    st.sampled_from([*"12345", ""]),
    codes,
    st.sampled_from(["", "n", "m"]),
    st.sampled_from(["", "2026-01-01", "soon"]),
    codes,
)
facts = st.sampled_from([
    *(f"<http://e/rank/{one}> a ex:Rank ." for one in "ab"),
    *(f"<http://e/rank/{one}> ex:label 'rank' ." for one in "abc"),
    *(f"<http://e/unit/{one}> a ex:Open ." for one in "abcd"),
    "<http://e/unit/a> a ex:Special .", "ex:Special <http://www.w3.org/2000/01/rdf-schema#subClassOf> ex:Open .",
    "<http://e/unit/a> ex:size 9 .",
])  # fmt: skip
State = tuple[list[tuple[str, ...]], list[tuple[str, ...]], list[str], bool]
states = st.tuples(
    st.lists(units, max_size=4),
    st.lists(persons, max_size=5),
    st.lists(facts, max_size=6, unique=True),
    st.sampled_from([False, False, True]),
)


@pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,)
)
@given(st.lists(states, min_size=2, max_size=4))
def test_a_part_is_as_good_as_the_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, moments: list[State]
) -> None:
    monkeypatch.setattr("emkg.mapping.changed_rows._MOST", 0)
    monkeypatch.setattr("emkg.pipeline.kept_rows.LEAST_ROWS", 0)
    partly = []
    original = ingest_module.judge_part

    def noted(*arguments: object) -> object:
        partly.append(original(*arguments))
        return partly[-1]

    monkeypatch.setattr(ingest_module, "judge_part", noted)
    worlds = [World(tmp_path_factory.mktemp("w"), keeps=keeps) for keeps in (True, False)]
    for moment in moments:
        told = []
        for world in worlds:
            world.write(moment)
            told.append([_told(one) for one in world.ingest()])
            if moment[-1]:
                world.release()
        assert told[0] == told[1]
        assert worlds[0].held() == worlds[1].held()
    for world in worlds:
        world.ledger.close()
    event(f"in part {len(partly)}, whole for the gate {partly.count(None)}")


UNITS = [("a", "t", "1"), ("b", "u", "2")]
PERSONS = [("1", "a", "n", "2026-01-01", "a"), ("2", "b", "m", "", "a")]
FACTS = ["<http://e/unit/a> a ex:Open .", "<http://e/unit/b> a ex:Open ."]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Two persons in two units, ingested once, their rows kept although they are few."""
    monkeypatch.setattr("emkg.mapping.changed_rows._MOST", 0)
    monkeypatch.setattr("emkg.pipeline.kept_rows.LEAST_ROWS", 0)
    made = World(tmp_path, keeps=True)
    made.write((UNITS, PERSONS, FACTS, False))
    made.ingest()
    yield made
    made.ledger.close()


@pytest.fixture
def subjects(monkeypatch: pytest.MonkeyPatch) -> list[set[str] | None]:
    """Of each run of a mapping from now on the subjects that it was run for; None for all."""
    noted: list[set[str] | None] = []
    original = MappingRun.subjects

    def note(run: MappingRun) -> pa.Table | None:
        found = original(run)
        noted.append(None if found is None else set(found["s"].to_pylist()))
        return found

    monkeypatch.setattr(MappingRun, "subjects", note)
    return noted


def test_a_changed_row_concerns_its_subject_and_who_is_joined_to_it(
    world: World, subjects: list[set[str] | None]
) -> None:
    world.write((UNITS, [PERSONS[0], ("2", "b", "other", "", "a")], FACTS, False))
    _, people = world.ingest()
    assert subjects == [{"<http://e/person/2>"}]
    assert (people.rows, people.statements, people.added, people.removed) == (4, 15, 1, 1)

    world.write(([("c", "t", "1"), UNITS[1]], [PERSONS[0], ("2", "b", "other", "", "a")], FACTS, False))
    _, people = world.ingest()
    assert subjects[1] == {"<http://e/unit/a>", "<http://e/unit/c>", "<http://e/person/1>"}
    assert (people.added, people.removed) == (3, 4)


def test_the_rows_of_the_last_run_alone_are_kept(world: World, subjects: list[set[str] | None]) -> None:
    world.write((UNITS, PERSONS[:1], FACTS, False))
    world.ingest()
    kept = [path.name for path in world.folder.glob("rows/*/*/*")]
    assert sorted(kept) == ["rows.parquet", "settings"]
    text = repr(pq.read_table(next(world.folder.glob("rows/*/*/rows.parquet"))).to_pylist())
    assert "person/1" in text
    assert "2026-01-01" not in text

    (world.folder / "m.yml").write_text(MAPPING.replace("ex:name", "ex:called"), encoding="utf-8")
    world.ingest()
    assert subjects == [{"<http://e/person/2>"}, None]


def test_with_another_key_all_pseudonyms_are_made_anew(
    world: World, subjects: list[set[str] | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = "{function: emf:pseudonym, parameters: [[emf:value, $(name)], [emf:key, CITY_KEY]]}"
    (world.folder / "m.yml").write_text(MAPPING.replace("$(name)", call), encoding="utf-8")
    monkeypatch.setenv("CITY_KEY", "0123456789abcdef")
    world.ingest()
    monkeypatch.setenv("CITY_KEY", "fedcba9876543210")
    world.write((UNITS, [PERSONS[0], ("2", "b", "other", "", "a")], FACTS, False))
    _, people = world.ingest()
    assert subjects == [None, None]
    assert (people.added, people.removed) == (2, 2)


def test_a_run_in_part_is_rejected_like_a_whole_one(world: World) -> None:
    before = world.held()
    world.policy = GatePolicy(violation=Policy.REJECT)
    world.ingest()
    world.write((UNITS, [PERSONS[0], ("2", "b", "", "", "a")], FACTS, False))
    _, people = world.ingest()
    assert (people.outcome, people.withheld) == (Outcome.REJECTED, 0)
    assert [one.focus_node for one in people.rejected_for] == ["<http://e/person/2>"]
    assert world.held() == before


def test_few_rows_are_not_kept(tmp_path: Path) -> None:
    made = World(tmp_path, keeps=True)
    made.write((UNITS, PERSONS, FACTS, False))
    made.ingest()
    made.ledger.close()
    assert not (tmp_path / "rows").exists()
