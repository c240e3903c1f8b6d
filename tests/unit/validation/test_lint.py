from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import InputError, ShapesError
from emkg.validation import load_shapes

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Shape a sh:NodeShape ; sh:targetClass ex:School ;
"""


def _shapes(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "school.ttl"
    path.write_text(HEAD + body, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sh:property [ sh:path ex:name ;\n sh:minCont 1 ] .", "school.ttl:6: sh:minCont is not a term of SHACL; did you mean sh:minCount?"),
        ("sh:property [ sh:path ex:name ; sh:minCount -1 ] .", "school.ttl:5: sh:minCount"),
        ('sh:property [ sh:path ex:name ; sh:maxCount "one" ] .', "is not a non-negative integer"),
        ("sh:property [ sh:path ex:name ; sh:maxCount 1, 2 ] .", "2 values of sh:maxCount; at most one"),
        ("sh:property [ sh:path ex:name ; sh:minCount 2 ; sh:maxCount 1 ] .", "sh:minCount 2 is greater than sh:maxCount 1"),
        ("sh:property [ sh:path ex:n ; sh:minInclusive 9.5 ; sh:maxExclusive 1 ] .", "sh:minInclusive 9.5 is greater"),
        ("sh:property [ sh:path ex:name ; sh:nodeKind sh:Shape ] .", "is none of sh:BlankNode"),
        ('sh:property [ sh:path ex:name ; sh:pattern "(" ] .', "is not a usable regular expression"),
        ('sh:property [ sh:path ex:name ; sh:pattern "a" ; sh:flags "y" ] .', "unknown flag y"),
        ("sh:property [ sh:path ex:name ; sh:pattern ex:p ] .", "not a string"),
        ("sh:property [ sh:minCount 1 ] .", "does not have exactly one sh:path"),
        ("sh:not [ sh:node ex:Shape ] .", "refers to itself"),
        ('sh:sparql [ sh:select """SELECT $this WHERE {\n  $this <http://e/p> }""" ] .', "school.ttl:6: sh:select does not parse: "),
        ('sh:sparql [ sh:select """SELECT $this WHERE {\n  $this ex:p 1 }""" ] .', "(line 2, column 9 of the query)"),
        ('sh:sparql [ sh:select "ASK { $this $PATH 1 }" ] .', "the query of sh:select is no SELECT query"),
        ('sh:sparql [ sh:select """\nSELECT $this WHERE { $this ?p ?o . VALUES ?p { <http://e/p> } }""" ] .', "school.ttl:6: sh:select: a pre-bound query may not have VALUES"),
        ('sh:sparql [ sh:select "SELECT $this WHERE { BIND(1 AS $this) }" ] .', "may not bind ?this again"),
        ('sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o . { SELECT ?o WHERE { ?s ?p ?o } } }" ] .', "a subquery of a pre-bound query must return ?this"),
        ("sh:or ( ex:Shape ) .", "refers to itself"),
    ],
)  # fmt: skip
def test_a_faulty_shape_is_refused_where_it_stands(tmp_path: Path, body: str, said: str) -> None:
    path = _shapes(tmp_path, body)

    with pytest.raises(ShapesError) as caught:
        load_shapes([path])

    assert said in str(caught.value)
    assert caught.value.message_zh


def test_every_fault_is_named_in_one_error(tmp_path: Path) -> None:
    path = _shapes(
        tmp_path, "sh:property [ sh:path ex:a ; sh:minCont 1 ] , [ sh:path ex:b ;\n sh:maxCount -1 ] ."
    )

    with pytest.raises(ShapesError) as caught:
        load_shapes([path])

    assert "sh:minCont " in str(caught.value)
    assert "school.ttl:6: sh:maxCount" in str(caught.value)


def test_a_folder_stands_for_its_turtle_files(tmp_path: Path) -> None:
    _shapes(tmp_path, "sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:maxCount 1 ] .")

    shapes = load_shapes([tmp_path])

    assert len(shapes.quads) == 6
    assert not shapes.is_advanced


def test_nothing_to_judge_by_is_an_error_and_does_not_conform(tmp_path: Path) -> None:
    with pytest.raises(ShapesError, match="nothing would be checked"):
        load_shapes([tmp_path])
    with pytest.raises(InputError, match="no such file"):
        load_shapes([tmp_path / "absent.ttl"])


def test_a_term_the_linter_does_not_resemble_gets_no_hint(tmp_path: Path) -> None:
    path = _shapes(tmp_path, "sh:zzzz 1 .")

    with pytest.raises(ShapesError, match=r"sh:zzzz is not a term of SHACL$"):
        load_shapes([path])
