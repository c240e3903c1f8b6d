"""The ontology's axioms as specialised rules: a subset of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL).

| rule | from | derives |
|---|---|---|
| `subclass` (cax-sco) | C rdfs:subClassOf D | x a D |
| `subproperty` (prp-spo1) | p rdfs:subPropertyOf q | x q y |
| `domain`, `range` (prp-dom, prp-rng) | p rdfs:domain / rdfs:range C | x a C, y a C |
| `inverse` (prp-inv1, prp-inv2) | p owl:inverseOf q | y q x, and back |
| `symmetric` (prp-symp), `transitive` (prp-trp) | p a owl:SymmetricProperty / owl:TransitiveProperty | y p x; x p z |
| `chain` (prp-spo2) | p owl:propertyChainAxiom (q r …) | x p z |
| `subclass-transitive` (scm-sco) | always | C rdfs:subClassOf E |
| `event-type-reflexive` | always | an event type is a subclass of itself |

Ranges that are datatypes say something about literals, not about things, and give no rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan import Pattern, TriplePattern, Variable
from emkg.rdf import IRI, Quad, Term
from emkg.reasoning.rule import Rule
from emkg.vocabulary import EM, OWL, RDF, RDF_TYPE, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

X, Y, Z = Variable("x"), Variable("y"), Variable("z")
TYPE = IRI(RDF_TYPE)
SUBCLASS = IRI(RDFS + "subClassOf")
_DATATYPES = (XSD, RDF + "langString", RDF + "PlainLiteral", RDFS + "Literal")
_ABOVE_ALL = frozenset({OWL + "Thing", RDFS + "Resource"})
_DOCUMENTATION = {
    "subclass": ("Whatever is of a class is of its superclasses.", "某类的实例也是其上位类的实例。"),
    "subproperty": ("Whatever stands in a property stands in its superproperties.", "具有某属性关系者也具有其上位属性关系。"),
    "domain": ("The subject of a property is of the property's domain.", "属性的主语属于该属性的定义域。"),
    "range": ("The object of a property is of the property's range.", "属性的宾语属于该属性的值域。"),
    "inverse": ("A property holds in one direction as its inverse in the other.", "属性与其逆属性方向相反而同时成立。"),
    "symmetric": ("A symmetric property holds in both directions.", "对称属性在两个方向上都成立。"),
    "transitive": ("A transitive property holds across its steps.", "传递属性可跨步成立。"),
    "chain": ("A chain of properties gives the property it is declared for.", "属性链成立时，其所定义的属性也成立。"),
    "subclass-transitive": ("A subclass of a subclass is a subclass.", "下位类的下位类也是下位类。"),
    "event-type-reflexive": ("An event type is among its own subtypes.", "事件类型也算作自身的子类型。"),
}  # fmt: skip


def axiom_rules(quads: Iterable[Quad]) -> tuple[Rule, ...]:
    """One rule for every axiom of an ontology that this subset covers, and the two that always hold.

    Statements that are no such axiom are passed over; classes that are blank nodes (restrictions) too.
    """
    known = list(quads)
    lists = _lists(known)
    rules = [rule for quad in known for rule in _rules(quad, lists)]
    return (*rules, *_standing_rules())


def _rules(quad: Quad, lists: Callable[[Term], tuple[Term, ...]]) -> Iterator[Rule]:
    subject, value = quad.subject, quad.object
    if not isinstance(subject, IRI):
        return
    if quad.predicate.value == OWL + "propertyChainAxiom":
        steps = [step for step in lists(value) if isinstance(step, IRI)]
        if steps and len(steps) == len(lists(value)):
            yield _chain(quad, subject, steps)
    elif isinstance(value, IRI):
        key = value.value if quad.predicate == TYPE else quad.predicate.value
        form = _FORMS.get(key)
        for name, body, head in form(subject, value) if form else ():
            yield _rule(name, body, head, quad)


def _rule(name: str, body: Iterable[TriplePattern], head: TriplePattern, *axioms: Quad) -> Rule:
    english, chinese = _DOCUMENTATION[name]
    return Rule(name, Pattern(tuple(body)), (head,), axioms, documentation={"en": english, "zh": chinese})


def _chain(quad: Quad, subject: IRI, steps: list[IRI]) -> Rule:
    places = [Variable(f"x{number}") for number in range(len(steps) + 1)]
    body = [TriplePattern(places[n], step, places[n + 1]) for n, step in enumerate(steps)]
    return _rule("chain", body, TriplePattern(places[0], subject, places[-1]), quad)


def _standing_rules() -> tuple[Rule, ...]:
    step = TriplePattern(X, SUBCLASS, Y), TriplePattern(Y, SUBCLASS, Z)
    event_type = TriplePattern(X, TYPE, IRI(EM + "EventType"))
    return (
        _rule("subclass-transitive", step, TriplePattern(X, SUBCLASS, Z)),
        _rule("event-type-reflexive", [event_type], TriplePattern(X, SUBCLASS, X)),
    )


_Form = tuple[str, tuple[TriplePattern, ...], TriplePattern]


def _subclass(subject: IRI, value: IRI) -> Iterator[_Form]:
    if value.value not in _ABOVE_ALL:
        yield "subclass", (TriplePattern(X, TYPE, subject),), TriplePattern(X, TYPE, value)


def _domain(subject: IRI, value: IRI) -> Iterator[_Form]:
    if value.value not in _ABOVE_ALL:
        yield "domain", (TriplePattern(X, subject, Y),), TriplePattern(X, TYPE, value)


def _range(subject: IRI, value: IRI) -> Iterator[_Form]:
    if value.value not in _ABOVE_ALL and not value.value.startswith(_DATATYPES):
        yield "range", (TriplePattern(X, subject, Y),), TriplePattern(Y, TYPE, value)


def _inverse(subject: IRI, value: IRI) -> Iterator[_Form]:
    yield "inverse", (TriplePattern(X, subject, Y),), TriplePattern(Y, value, X)
    yield "inverse", (TriplePattern(X, value, Y),), TriplePattern(Y, subject, X)


_FORMS: dict[str, Callable[[IRI, IRI], Iterable[_Form]]] = {
    RDFS + "subClassOf": _subclass,
    RDFS + "subPropertyOf": lambda p, q: [("subproperty", (TriplePattern(X, p, Y),), TriplePattern(X, q, Y))],
    RDFS + "domain": _domain,
    RDFS + "range": _range,
    OWL + "inverseOf": _inverse,
    OWL + "SymmetricProperty": lambda p, _: [
        ("symmetric", (TriplePattern(X, p, Y),), TriplePattern(Y, p, X))
    ],
    OWL + "TransitiveProperty": lambda p, _: [
        ("transitive", (TriplePattern(X, p, Y), TriplePattern(Y, p, Z)), TriplePattern(X, p, Z))
    ],
}


def _lists(quads: list[Quad]) -> Callable[[Term], tuple[Term, ...]]:
    """A reader of RDF collections."""
    values: dict[tuple[Term, str], Term] = {}
    for quad in quads:
        if quad.predicate.value in {RDF + "first", RDF + "rest"}:
            values[quad.subject, quad.predicate.value] = quad.object

    def read(head: Term) -> tuple[Term, ...]:
        items: list[Term] = []
        seen: set[Term] = set()
        while (head, RDF + "first") in values and head not in seen:
            seen.add(head)
            items.append(values[head, RDF + "first"])
            head = values.get((head, RDF + "rest"), IRI(RDF + "nil"))
        return tuple(items)

    return read
