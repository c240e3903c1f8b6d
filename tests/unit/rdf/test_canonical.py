from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from emkg.rdf import IRI, BlankNode, Literal, Quad, canonical, is_isomorphic, parse_text

NODES = st.sampled_from([IRI("http://e/a"), BlankNode("x"), BlankNode("y"), BlankNode("z")])
PREDICATES = st.sampled_from([IRI("http://e/p"), IRI("http://e/q")])
QUADS = st.lists(
    st.builds(Quad, NODES, PREDICATES, NODES, st.sampled_from([None, IRI("http://e/g")])), max_size=6
)


def _renamed(quad: Quad) -> Quad:
    def name(node: object) -> object:
        return BlankNode(f"other{node.value}") if isinstance(node, BlankNode) else node

    return Quad(name(quad.subject), quad.predicate, name(quad.object), quad.graph)  # type: ignore[arg-type] # nodes stay nodes


@given(QUADS, st.randoms())
def test_labels_and_order_do_not_matter(quads: list[Quad], random: object) -> None:
    other = [_renamed(quad) for quad in quads]
    random.shuffle(other)  # type: ignore[attr-defined] # hypothesis types its Random as object
    assert canonical(quads) == canonical(other)


def test_different_structure_is_different() -> None:
    one = parse_text("_:a <http://e/p> _:b .", "nt")
    other = parse_text("_:a <http://e/p> _:a .", "nt")
    assert not is_isomorphic(one, other)


def test_lexical_forms_are_compared_as_written_and_tags_without_case() -> None:
    subject, predicate = IRI("http://e/s"), IRI("http://e/p")
    number = "http://www.w3.org/2001/XMLSchema#integer"
    assert not is_isomorphic(
        [Quad(subject, predicate, Literal("7", number))], [Quad(subject, predicate, Literal("07", number))]
    )
    assert is_isomorphic(
        parse_text('<http://e/s> <http://e/p> "x"@zh-CN .', "nt"),
        parse_text('<http://e/s> <http://e/p> "x"@zh-cn .', "nt"),
    )


def test_even_an_iri_with_a_space_can_be_compared() -> None:
    quad = Quad(IRI("http://e/a b"), IRI("http://e/p"), Literal("x"))
    assert canonical([quad, quad]) == ('<http://e/a b> <http://e/p> "x" .',)
