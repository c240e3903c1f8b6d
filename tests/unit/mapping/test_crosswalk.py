from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import Location, MappingError
from emkg.mapping.crosswalk import read_crosswalk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Outcome

HEADER = "#curie_map:\n#  icd10: http://example.org/icd10/\n#  ex: http://example.org/\n"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
ROWS = (
    "icd10:J45\tskos:exactMatch\tex:asthma\tsemapv:ManualMappingCuration\n"
    "11B19\tskos:exactMatch\tcode:event/11B19\tsemapv:ManualMappingCuration\n"
    "icd10:Z99\tskos:exactMatch\tsssom:NoTermFound\tsemapv:ManualMappingCuration\n"
)
HERE = Location("mapping.yml", 3)


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "codes.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_codes_are_known_whole_and_without_their_prefix(tmp_path: Path) -> None:
    table = read_crosswalk(_file(tmp_path, HEADER + COLUMNS + ROWS), HERE)

    assert table == {
        "icd10:J45": "http://example.org/asthma",
        "J45": "http://example.org/asthma",
        "11B19": "https://w3id.org/emkg/code/event/11B19",
    }


def test_translation_quarantines_what_the_crosswalk_does_not_know(execute: Callable[..., Outcome]) -> None:
    mapping = """mappings:
  visit:
    sources: [[a.csv~csv]]
    s: ex:visit/$(id)
    po:
      - [ex:of, {function: emf:translate, parameters: [[emf:value, $(c)], [emf:crosswalk, c.tsv]], type: iri}]
"""

    outcome = execute(mapping, a_csv="id,c\n1,J45\n2,J99\n3,\n4,Z99\n", c_tsv=HEADER + COLUMNS + ROWS)

    assert outcome.objects("of") == {"<http://example.org/asthma>"}
    assert outcome.faults() == {(3, "c", "J99", "unknown-code"), (5, "c", "Z99", "unknown-code")}
    assert outcome.quarantine[0]["message"] == "'J99' is not in the crosswalk c.tsv"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tb\n1\t2\n", "needs the columns subject_id and object_id"),
        (HEADER + COLUMNS + ROWS + "J45\tskos:exactMatch\tex:other\tx\n", "mapped to two terms"),
        (COLUMNS + "1\tskos:exactMatch\tnope:x\tx\n", "prefix 'nope'"),
    ],
)
def test_a_wrong_crosswalk_is_refused_where_it_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MappingError, match=message) as caught:
        read_crosswalk(_file(tmp_path, text), HERE)

    assert caught.value.location is not None


def test_a_conflict_names_its_line_in_the_crosswalk(tmp_path: Path) -> None:
    path = _file(tmp_path, HEADER + COLUMNS + ROWS + "J45\tskos:exactMatch\tex:other\tx\n")

    with pytest.raises(MappingError) as caught:
        read_crosswalk(path, HERE)

    assert caught.value.location == Location(str(path), line=8)


def test_a_missing_crosswalk_is_an_error_of_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read") as caught:
        read_crosswalk(tmp_path / "absent.tsv", HERE)

    assert caught.value.location == HERE


def test_a_full_iri_needs_no_prefix(tmp_path: Path) -> None:
    text = COLUMNS + "1\tskos:exactMatch\thttp://example.org/x\tx\n"

    assert read_crosswalk(_file(tmp_path, text), HERE) == {"1": "http://example.org/x"}
