from __future__ import annotations

import pytest

from emkg.errors import QueryRefusedError, QuerySyntaxError
from emkg.plan import Comparison, Operator, Pattern, TriplePattern, Variable, parse_construct
from emkg.rdf import IRI, Literal
from emkg.vocabulary import XSD

PREFIXES = {"ex": "http://ex/"}
P, Q = IRI("http://ex/p"), IRI("http://ex/q")
A, B = Variable("a"), Variable("b")


def test_triples_comparisons_and_negated_groups_are_read() -> None:
    construct = parse_construct(
        "CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p ?b . FILTER ( ?b >= 3 && ?a != ex:p ) "
        'FILTER NOT EXISTS { ?b ex:q "x"@zh } }',
        PREFIXES,
    )

    assert construct.template == (TriplePattern(A, Q, B),)
    assert construct.where.triples == (TriplePattern(A, P, B),)
    assert set(construct.where.comparisons) == {
        Comparison(B, Operator.GREATER_OR_EQUAL, Literal("3", XSD + "integer")),
        Comparison(A, Operator.NOT_EQUAL, P),
    }
    assert [str(group) for group in construct.where.negated] == ['{ ?b <http://ex/q> "x"@zh . }']


def test_a_blank_node_of_a_where_is_a_variable() -> None:
    construct = parse_construct("CONSTRUCT { ?a ex:q ex:p } WHERE { ?a ex:p [ ex:q 1 ] }", PREFIXES)

    hidden = construct.where.variables - {A}
    assert len(hidden) == 1


def test_nested_groups_without_outside_filters_are_flattened() -> None:
    construct = parse_construct(
        "CONSTRUCT { ?a ex:q ?b } WHERE { { ?a ex:p ?b FILTER(?b > 1) } { ?b ex:p ?a } }", PREFIXES
    )

    assert len(construct.where.triples) == 2
    assert isinstance(construct.where, Pattern)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p ?b OPTIONAL { ?a ex:q ?c } }", "LeftJoin is not compiled"),
        ("CONSTRUCT { ?a ex:q ?b } WHERE { { ?a ex:p ?b } UNION { ?a ex:q ?b } }", "Union is not compiled"),
        ("CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p+ ?b }", "a path is not compiled"),
        ("CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p ?b FILTER(REGEX(STR(?b), 'x')) }", "FILTER with REGEX"),
        (
            "CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p ?b FILTER(?b IN (1, 2)) }",
            "FILTER with IN",
        ),
        (
            "CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p ?b FILTER(?b + 1 > 2) }",
            "+ in place of a term",
        ),
        ("CONSTRUCT { ?a ex:q ?c } WHERE { ?a ex:p ?b }", "that the WHERE does not bind"),
        ("CONSTRUCT { ?a ex:q [] } WHERE { ?a ex:p ?b }", "that the WHERE does not bind"),
        ("CONSTRUCT { ?a ex:q ?b } WHERE { { ?a ex:p ?b FILTER(?c > 1) } ?a ex:q ?c }", "looks outside it"),
        ("CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p ?b } ORDER BY ?a", "OrderBy is not compiled"),
        ("SELECT ?a WHERE { ?a ex:p ?b }", "SelectQuery is not compiled"),
    ],
)
def test_what_does_not_compile_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(QueryRefusedError) as caught:
        parse_construct(text, PREFIXES)

    assert said in caught.value.message
    assert caught.value.message_zh


@pytest.mark.parametrize(
    "text", ["CONSTRUCT { ?a ex:q } WHERE {", "CONSTRUCT { ?a no:q ?b } WHERE { ?a ex:p ?b }"]
)
def test_what_does_not_parse_is_a_syntax_error(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        parse_construct(text, PREFIXES)
