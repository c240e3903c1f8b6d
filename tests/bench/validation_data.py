"""The shapes and the graph that SHACL engines are measured on: 30 node shapes, every component of SHACL Core, every path."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row: TypeAlias = tuple[str, str, str]

RDF_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_PREFIXES: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . @prefix s: <http://e/shape/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
SHAPES: Final = (
    _PREFIXES
    + """
s:level a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:level ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ] .
s:levelRange a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:level ; sh:minInclusive 1 ; sh:maxInclusive 4 ] .
s:injured a sh:NodeShape ; sh:targetSubjectsOf e:injured ; sh:property [ sh:path e:injured ; sh:minExclusive -1 ; sh:maxExclusive 1000 ; sh:datatype xsd:integer ] .
s:name a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:name ; sh:minCount 1 ; sh:minLength 3 ; sh:maxLength 40 ] .
s:nameLanguage a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:name ; sh:uniqueLang true ; sh:languageIn ( "en" "zh" ) ] .
s:at a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:at ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:class e:Place ] .
s:days a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:from ; sh:datatype xsd:date ; sh:lessThanOrEquals e:until ] .
s:before a sh:NodeShape ; sh:targetClass e:Order ; sh:property [ sh:path e:from ; sh:lessThan e:until ; sh:maxCount 1 ] .
s:colour a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:colour ; sh:in ( "red" "orange" "yellow" "blue" ) ] .
s:graded a sh:NodeShape ; sh:targetClass e:Event ; sh:or ( [ sh:path e:colour ; sh:minCount 1 ] [ sh:path e:level ; sh:minCount 1 ] ) .
s:reported a sh:NodeShape ; sh:targetClass e:Event ; sh:and ( [ sh:path e:reportedBy ; sh:minCount 1 ] [ sh:path e:from ; sh:minCount 1 ] ) .
s:kind a sh:NodeShape ; sh:targetClass e:Event ; sh:xone ( [ sh:path e:natural ; sh:minCount 1 ] [ sh:path e:technical ; sh:minCount 1 ] ) .
s:closedCase a sh:NodeShape ; sh:targetClass e:Event ; sh:not [ sh:path e:state ; sh:hasValue "void" ] .
s:within a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path ( e:at e:within ) ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .
s:byOrAt a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path [ sh:alternativePath ( e:reportedBy e:handledBy ) ] ; sh:class e:Body ; sh:minCount 1 ] .
s:twoRoles a sh:NodeShape ; sh:targetClass e:Event ; sh:property [ sh:path e:reportedBy ; sh:disjoint e:handledBy ] .
s:sameCode a sh:NodeShape ; sh:targetClass e:Place ; sh:property [ sh:path e:code ; sh:equals e:number ] .
s:code a sh:NodeShape ; sh:targetClass e:Place ; sh:property [ sh:path e:code ; sh:pattern "^[0-9]{6}$" ; sh:maxCount 1 ; sh:minCount 1 ] .
s:events a sh:NodeShape ; sh:targetClass e:Place ; sh:property [ sh:path [ sh:inversePath e:at ] ; sh:class e:Event ] .
s:above a sh:NodeShape ; sh:targetClass e:Place ; sh:property [ sh:path [ sh:oneOrMorePath e:within ] ; sh:class e:Place ; sh:nodeKind sh:IRI ] .
s:root a sh:NodeShape ; sh:targetClass e:Region ; sh:property [ sh:path [ sh:zeroOrMorePath e:within ] ; sh:hasValue <http://e/place/0> ] .
s:parent a sh:NodeShape ; sh:targetClass e:Place ; sh:property [ sh:path [ sh:zeroOrOnePath e:within ] ; sh:maxCount 2 ] .
s:loop a sh:NodeShape ; sh:targetClass e:Place ; sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/within> $this }" ] .
s:shape a sh:NodeShape ; sh:targetClass e:Order ; sh:closed true ; sh:ignoredProperties ( rdf:type e:until ) ; sh:property [ sh:path e:from ; sh:minCount 1 ] , [ sh:path e:of ; sh:node s:target ] , [ sh:path e:issuedBy ; sh:minCount 1 ] .
s:target a sh:NodeShape ; sh:property [ sh:path e:at ; sh:minCount 1 ] .
s:leads a sh:NodeShape ; sh:targetClass e:Body ; sh:property [ sh:path [ sh:inversePath e:handledBy ] ; sh:qualifiedValueShape [ sh:path e:level ; sh:hasValue 1 ] ; sh:qualifiedMaxCount 200 ; sh:qualifiedMinCount 0 ] .
s:bodyName a sh:NodeShape ; sh:targetClass e:Body ; sh:property [ sh:path e:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:maxLength 40 ; sh:languageIn ( "en" "zh" ) ] .
s:phone a sh:NodeShape ; sh:targetObjectsOf e:reportedBy ; sh:property [ sh:path e:phone ; sh:pattern "^1[0-9]{10}$" ; sh:minCount 1 ; sh:maxCount 1 ] .
s:known a sh:NodeShape ; sh:targetNode <http://e/place/0> , <http://e/place/1> ; sh:class e:Place ; sh:nodeKind sh:IRI .
s:orderEvent a sh:NodeShape ; sh:targetClass e:Order ; sh:sparql [ sh:select "SELECT $this ?value WHERE { $this <http://e/of> ?value . ?value <http://e/until> ?end . $this <http://e/from> ?begin . FILTER(?begin > ?end) }" ] ;
  sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/issuedBy> ?body . FILTER NOT EXISTS { ?body <http://e/name> ?name } }" ] .
"""
)


def rows_of(triples: int) -> list[Row]:
    """So many triples: events, places, bodies and orders, a few per cent of them faulty; the same for the same size."""
    dice = random.Random(7)  # noqa: S311  (test data)
    places, bodies = max(10, triples // 70), max(5, triples // 500)
    rows: list[Row] = []
    for number in range(places):
        rows += _place(number, dice)
    for number in range(bodies):
        rows += _body(number, dice)
    number = 0
    while len(rows) < triples:
        rows += _event(number, dice, places, bodies)
        if number % 5 == 0:
            rows += _order(number, dice, bodies)
        number += 1
    return rows[:triples]


def _faulty(dice: random.Random) -> bool:
    return dice.random() < 0.02


def _place(number: int, dice: random.Random) -> Iterator[Row]:
    place = f"<http://e/place/{number}>"
    yield place, RDF_TYPE, "<http://e/Place>"
    if number and number < 10:
        yield place, RDF_TYPE, "<http://e/Region>"
    code = f"{number % 1_000_000:06}"
    yield place, "<http://e/code>", '"x"' if _faulty(dice) else f'"{code}"'
    yield place, "<http://e/number>", f'"{code}"'
    if number:
        yield place, "<http://e/within>", f"<http://e/place/{number // 10}>"


def _body(number: int, dice: random.Random) -> Iterator[Row]:
    body = f"<http://e/body/{number}>"
    yield body, RDF_TYPE, "<http://e/Body>"
    yield body, "<http://e/phone>", '"110"' if _faulty(dice) else f'"1{number:010}"'
    if not _faulty(dice):
        yield body, "<http://e/name>", f'"body {number}"@{"fr" if _faulty(dice) else "en"}'


def _event(number: int, dice: random.Random, places: int, bodies: int) -> Iterator[Row]:
    event = f"<http://e/event/{number}>"
    day = dice.randint(10, 25)
    level = dice.choice(["9", "x"]) if _faulty(dice) else str(dice.randint(1, 4))
    colour = "pink" if _faulty(dice) else dice.choice(["red", "orange", "yellow", "blue"])
    yield event, RDF_TYPE, "<http://e/Event>"
    yield event, "<http://e/level>", f'"{level}"^^<{_XSD}integer>'
    yield event, "<http://e/injured>", f'"{-5 if _faulty(dice) else dice.randint(0, 9)}"^^<{_XSD}integer>'
    yield event, "<http://e/at>", f"<http://e/place/{dice.randrange(places)}>"
    yield event, "<http://e/from>", f'"2026-11-{day:02}"^^<{_XSD}date>'
    yield event, "<http://e/until>", f'"2026-11-{day - 5 if _faulty(dice) else day + 1:02}"^^<{_XSD}date>'
    yield event, "<http://e/colour>", f'"{colour}"'
    yield event, f"<http://e/{dice.choice(['natural', 'technical'])}>", f'"{number % 7}"'
    reporter = dice.randrange(bodies)
    handler = reporter if _faulty(dice) else (reporter + 1) % bodies
    yield event, "<http://e/reportedBy>", f"<http://e/body/{reporter}>"
    yield event, "<http://e/handledBy>", f"<http://e/body/{handler}>"
    if _faulty(dice):
        yield event, "<http://e/state>", '"void"'
    if not _faulty(dice):
        yield event, "<http://e/name>", f'"event {number}"@en'


def _order(number: int, dice: random.Random, bodies: int) -> Iterator[Row]:
    order = f"<http://e/order/{number}>"
    day = dice.randint(10, 20)
    yield order, RDF_TYPE, "<http://e/Order>"
    yield order, "<http://e/from>", f'"2026-11-{day:02}"^^<{_XSD}date>'
    yield order, "<http://e/until>", f'"2026-11-{day if _faulty(dice) else day + 3:02}"^^<{_XSD}date>'
    yield order, "<http://e/of>", f"<http://e/event/{number}>"
    yield order, "<http://e/issuedBy>", f"<http://e/body/{dice.randrange(bodies)}>"
    if _faulty(dice):
        yield order, "<http://e/remark>", '"late"'
