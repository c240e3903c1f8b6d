"""VALUES blocks are filled with terms, and with nothing else."""

from __future__ import annotations

import pytest

from emkg.errors import ParameterError
from emkg.plan import bind_values
from emkg.rdf import IRI, BlankNode, Literal


def test_a_block_takes_the_terms_of_its_variable() -> None:
    text = "SELECT * { VALUES ?x { UNDEF } ?x ?p ?o }"

    filled = bind_values(text, {"x": [IRI("http://e/a"), Literal('"}\n')]})

    assert filled == 'SELECT * { VALUES ?x { <http://e/a> "\\"}\\n" } ?x ?p ?o }'


def test_several_variables_multiply_and_an_absent_one_is_undefined() -> None:
    text = "SELECT * { VALUES (?x $y) { (UNDEF UNDEF) } }"

    filled = bind_values(text, {"x": [Literal("1"), Literal("2")], "y": []})

    assert '("1" UNDEF) ("2" UNDEF)' in filled


def test_other_blocks_stay_as_they_are() -> None:
    text = 'SELECT * { VALUES ?kind { "}" 5 } VALUES ?x { UNDEF } }'

    assert 'VALUES ?kind { "}" 5 }' in bind_values(text, {"x": [Literal("1")]})


@pytest.mark.parametrize("term", [IRI("http://e/> } #"), BlankNode("b"), Literal("x", "not an iri")])
def test_a_term_that_cannot_stand_in_a_block_is_refused(term: IRI | BlankNode | Literal) -> None:
    with pytest.raises(ParameterError):
        bind_values("SELECT * { VALUES ?x { UNDEF } }", {"x": [term]})


def test_a_variable_without_a_block_is_refused() -> None:
    with pytest.raises(ParameterError, match="no VALUES block for y"):
        bind_values("SELECT * { VALUES ?x { UNDEF } VALUES", {"y": []})
