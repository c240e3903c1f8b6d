"""A run of the changed rows alone says of their subjects what a whole run says, and finds the same faults."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from emkg.mapping import FormerRows, parse_mapping, run_mapping

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = int(os.environ.get("EMKG_RANDOM_CHANGES", "5"))
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
      - [ex:name, $(name)]
      - [ex:born, $(born), xsd:date]
      - p: ex:unit
        o:
          mapping: unit
          condition: {function: equal, parameters: [[str1, $(unit)], [str2, $(key)]]}
  title:
    sources: [[person.csv~csv]]
    s: ex:unit/$(unit)
    po: [[ex:asks, $(name)]]
"""
UNIT, PERSON = ("code", "key", "title", "size"), ("id", "unit", "name", "born")


class World:
    """Two files, mapped whole or in part; statements and objects are looked up in what was mapped whole before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.statements: set[tuple[str, ...]] = set()
        self.records: list[tuple[object, ...]] = []
        self.parts = 0
        (folder / "m.yml").write_text(MAPPING, encoding="utf-8")

    def write(self, units: list[tuple[str, ...]], persons: list[tuple[str, ...]]) -> None:
        for name, heads, rows in (("unit", UNIT, units), ("person", PERSON, persons)):
            lines = [",".join(row) for row in (heads, *rows)]
            (self.folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *, former: bool) -> None:
        """Map, whole or in part, and take over what comes out."""
        mapping = parse_mapping(self.folder / "m.yml")
        faulty: dict[str, set[int]] = {}
        for file, row, *_ in self.records:
            faulty.setdefault(str(file), set()).add(int(str(row)))
        known = FormerRows(self.folder / "rows.parquet", faulty, self._pointing_at) if former else None
        with run_mapping(mapping, dataset="d/x", base="http://b/", former=known) as run:
            made = {
                tuple(row.values()) for row in run.statements().read_all().select(["s", "p", "o"]).to_pylist()
            }
            subjects = run.subjects()
            self.parts += subjects is not None
            concerned = None if subjects is None else set(subjects["s"].to_pylist())
            kept = set() if concerned is None else {one for one in self.statements if one[0] not in concerned}
            assert concerned is None or {one[0] for one in made} <= concerned
            self.statements = kept | made
            self.records = [tuple(row.values())[1:6] for row in run.quarantine().to_pylist()]
            self.rows = run.report.rows
            run.write_rows(self.folder / "rows.parquet")

    def _pointing_at(self, objects: pa.Table) -> pa.Table:
        wanted = set(objects["s"].to_pylist())
        return pa.table({"s": pa.array([s for s, _, o in self.statements if o in wanted], pa.string())})


cells = st.sampled_from(["", "a", "b", "c", "d"])
units = st.tuples(cells, cells, cells, st.sampled_from(["", "1", "02", "many"]))
persons = st.tuples(
    st.sampled_from([*"123456", ""]), cells, cells, st.sampled_from(["", "2026-01-01", "soon"])
)


@settings(
    max_examples=EXAMPLES, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)
@given(
    st.lists(st.tuples(st.lists(units, max_size=4), st.lists(persons, max_size=5)), min_size=2, max_size=4)
)
def test_in_part_is_what_the_whole_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, states: list[tuple[list, list]]
) -> None:
    monkeypatch.setattr("emkg.mapping.changed_rows._MOST", 0)
    part, whole = (World(tmp_path_factory.mktemp("w")) for _ in range(2))
    for number, (unit_rows, person_rows) in enumerate(states):
        for world in (part, whole):
            world.write(unit_rows, person_rows)
        part.run(former=number > 0)
        whole.run(former=False)
        assert part.statements == whole.statements
        assert part.records == whole.records
        assert part.rows == whole.rows
    assert (part.parts, whole.parts) == (len(states) - 1, 0)


@pytest.mark.parametrize(
    ("subject", "source"),
    [("ex:one", "a.csv~csv"), ("ex:tag/$(tags[*])", "a.json~jsonpath, '$[*]'")],
    ids=["a constant subject", "several subjects of a row"],
)
def test_of_rows_that_cannot_be_mapped_alone_nothing_is_kept(
    tmp_path: Path, subject: str, source: str
) -> None:
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "a.json").write_text('[{"id": "1", "tags": ["x", "y"]}]')
    mapping = f'prefixes: {{ex: "http://e/"}}\nmappings:\n  m:\n    sources: [[{source}]]\n    s: {subject}\n    po: [[ex:p, $(id)]]\n'
    (tmp_path / "m.yml").write_text(mapping)
    with run_mapping(parse_mapping(tmp_path / "m.yml"), dataset="d/x", base="http://b/") as run:
        assert not run.write_rows(tmp_path / "rows.parquet")
    assert not (tmp_path / "rows.parquet").exists()
