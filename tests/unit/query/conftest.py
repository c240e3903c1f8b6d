"""A small city: two acts that follow each other, one local act on repealed ground, a causal chain, a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from emkg.plan import FallbackEvaluator, PoolLimits
from emkg.rdf import parse_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PREFIXES = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix act: <https://w3id.org/emkg/code/act/> .
@prefix body: <https://w3id.org/emkg/code/body/> .
@prefix consequence: <https://w3id.org/emkg/code/consequence/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix division: <https://w3id.org/emkg/code/division/> .
@prefix duty: <https://w3id.org/emkg/code/duty/> .
@prefix et: <https://w3id.org/emkg/code/event/> .
@prefix event: <https://w3id.org/emkg/id/event/> .
@prefix form: <https://w3id.org/emkg/code/form/> .
@prefix id: <https://w3id.org/emkg/id/> .
@prefix kind: <https://w3id.org/emkg/code/body-kind/> .
@prefix level: <https://w3id.org/emkg/code/level/> .
@prefix link: <https://w3id.org/emkg/code/causal-link/> .
@prefix office: <https://w3id.org/emkg/code/office/> .
@prefix phase: <https://w3id.org/emkg/code/phase/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
KNOWLEDGE = """
et:any a em:EventType ; rdfs:label "突发事件"@zh .
et:weather a em:EventType ; rdfs:subClassOf et:any ; rdfs:label "气象灾害"@zh .
et:haze a em:EventType ; rdfs:subClassOf et:weather ; rdfs:label "霾"@zh , "Haze"@en ; em:leadBody body:eco .
et:outbreak a em:EventType ; rdfs:subClassOf et:any ; rdfs:label "疾病暴发"@zh ; em:leadBody body:health .
et:accident a em:EventType ; rdfs:subClassOf et:any ; rdfs:label "交通事故"@zh ; em:leadBody body:police .
et:jam a em:EventType ; rdfs:subClassOf et:any ; rdfs:label "拥堵"@zh .
et:flood a em:EventType ; rdfs:subClassOf et:any ; rdfs:label "洪水"@zh ; em:leadBody body:water .
consequence:closure a em:Consequence ; rdfs:label "停课"@zh ; em:concernsBody body:edu .

link:haze-outbreak a em:CausalLink ; em:cause et:haze ; em:effect et:outbreak ; rdfs:label "霾→疾病"@zh ;
    em:condition "严重"@zh ; em:evidenceGrade <https://w3id.org/emkg/code/evidence-grade/scholarly> ;
    dcterms:source <https://w3id.org/emkg/code/source/a> , <https://w3id.org/emkg/code/source/b> .
link:haze-accident a em:CausalLink ; em:cause et:haze ; em:effect et:accident ; rdfs:label "霾→事故"@zh .
link:accident-jam a em:CausalLink ; em:cause et:accident ; em:effect et:jam ; rdfs:label "事故→拥堵"@zh .
link:weather-flood a em:CausalLink ; em:cause et:weather ; em:effect et:flood ; rdfs:label "气象→洪水"@zh .
link:any-closure a em:CausalLink ; em:cause et:any ; em:effect consequence:closure ; rdfs:label "事件→停课"@zh .

division:100 a em:Division ; em:within division:100 .
division:310 a em:Division ; em:within division:310 , division:100 .
division:110 a em:Division ; em:within division:110 , division:100 .
level:city a em:GovernmentLevel .
level:county a em:GovernmentLevel .
phase:response a em:Phase ; skos:broader phase:response-and-rescue .
phase:warning a em:Phase .
phase:whole-process a em:Phase .

act:law em:inForceFrom "2016-01-01"^^xsd:date ; em:heldFrom "2018-10-26"^^xsd:date ; em:bindsIn division:100 ;
    em:inForceUntil "2026-08-15"^^xsd:date ; rdfs:label "旧法"@zh , "Old law"@en .
act:code em:inForceFrom "2026-08-15"^^xsd:date ; em:heldFrom "2026-08-15"^^xsd:date ; em:bindsIn division:100 ;
    rdfs:label "法典"@zh , "Code"@en .
act:local em:inForceFrom "2014-10-01"^^xsd:date ; em:heldFrom "2014-10-01"^^xsd:date ; em:bindsIn division:310 ;
    em:implements act:law ; rdfs:label "地方条例"@zh , "Local act"@en .
act:general em:inForceFrom "2007-11-01"^^xsd:date ; em:heldFrom "2007-11-01"^^xsd:date ; em:bindsIn division:100 ;
    rdfs:label "通则"@zh , "General act"@en .

office:环保 rdfs:label "环保主管部门"@zh .
office:有关部门 rdfs:label "有关部门"@zh .
office:企业 em:bearerClass <https://w3id.org/emkg/code/bearer-class/enterprise> .
id:i1 em:office office:环保 ; em:body body:eco ; em:level level:city ; em:from "2018-03-01"^^xsd:date ;
    em:resolution <https://w3id.org/emkg/code/resolution/exact> .
id:i2 em:office office:环保 ; em:body body:env ; em:level level:city ; em:until "2018-03-01"^^xsd:date ;
    em:resolution <https://w3id.org/emkg/code/resolution/exact> .
id:i3 em:office office:环保 ; em:body body:ministry ; em:level level:national ;
    em:resolution <https://w3id.org/emkg/code/resolution/exact> .

body:eco rdfs:label "生态环境局"@zh ; em:level level:city ; em:bodyKind kind:bureau .
body:env em:level level:city ; em:bodyKind kind:bureau .
body:gov em:level level:city ; em:bodyKind kind:government .
form:1 a em:CoordinationForm ; em:departmentsJoined false ; em:networksLinked false ; rdfs:label "完全分立式"@zh .
form:2 a em:CoordinationForm ; em:departmentsJoined true ; em:networksLinked false ; rdfs:label "部门整合式"@zh .
form:3 a em:CoordinationForm ; em:departmentsJoined false ; em:networksLinked true ; rdfs:label "数据集成式"@zh .
form:4 a em:CoordinationForm ; em:departmentsJoined true ; em:networksLinked true ; rdfs:label "系统融合式"@zh .
"""
REGISTER = """
id:m1 em:member body:eco ; em:coordinatingBody body:joint ; em:from "2020-01-01"^^xsd:date ; em:isGenerated true .
id:m2 em:member body:health ; em:coordinatingBody body:joint .
id:m3 em:member body:edu ; em:coordinatingBody body:joint ; em:until "2024-01-01"^^xsd:date .
body:joint a em:CoordinatingBody ; rdfs:label "联席会议"@zh ; em:validFrom "2010-01-01"^^xsd:date .
id:s1 em:operatedBy body:eco ; rdfs:label "监测网"@zh .
id:s2 em:operatedBy body:health .
id:s3 em:operatedBy body:police .
id:l1 em:fromSystem id:s2 ; em:toSystem id:s1 ; em:linkKind <https://w3id.org/emkg/code/link-kind/informational> .
id:l2 em:fromSystem id:s3 ; em:toSystem id:s1 ; em:from "2025-01-01"^^xsd:date .
id:p1 em:post id:deputy-1 ; em:body body:eco , body:health ; em:isGenerated true .
id:p2 em:post id:deputy-2 ; em:body body:police , body:health .
id:p3 em:post id:deputy-3 ; em:body body:eco ; em:until "2020-01-01"^^xsd:date .
id:deputy-1 rdfs:label "副职一"@zh , "Deputy 1"@en .

event:e1 a em:Event ; em:eventType et:haze ; em:jurisdiction division:310 ; em:handledAt level:city ;
    em:startDate "2026-08-20"^^xsd:date .
event:beijing a em:Event ; em:eventType et:haze ; em:jurisdiction division:110 ; em:handledAt level:city ;
    em:startDate "2016-12-29"^^xsd:date .
event:bare a em:Event ; em:eventType et:haze .
"""


def _bodies() -> str:
    return "".join(
        f'body:{name} rdfs:label "{name}"@zh ; em:level level:city ; em:bodyKind kind:bureau .\n'
        f"id:i-{name} em:office office:{name} ; em:body body:{name} ; em:level level:city ;"
        f" em:resolution <https://w3id.org/emkg/code/resolution/exact> .\n"
        for name in ("health", "edu", "police", "water")
    )


def _duty(name: str, event_type: str, bearers: str, phase: str = "response") -> str:
    act, article, _ = name.split("-")
    offices = ", ".join(f"office:{bearer}" for bearer in bearers.split())
    return (
        f"<https://w3id.org/emkg/code/act/{act}/article/{article}> em:partOf act:{act} ; em:articleNumber '{article}' .\n"
        f"duty:{name} em:eventType et:{event_type} ; em:level level:city ; em:phase phase:{phase} ; em:bearer {offices} ;\n"
        f" em:article <https://w3id.org/emkg/code/act/{act}/article/{article}> ; rdfs:label '释义{name}'@zh .\n"
    )


DUTIES = (
    _duty("law-95-1", "haze", "环保", "warning")
    + _duty("code-263-1", "haze", "环保", "warning")
    + _duty("local-29-1", "haze", "环保 edu 有关部门")
    + _duty("local-29-2", "haze", "企业")
    + _duty("general-7-1", "any", "health edu police water 环保", "whole-process")
    + _duty("general-8-1", "outbreak", "health")
    + _duty("general-9-1", "accident", "police")
    + _duty("general-10-1", "jam", "police")
    + _duty("general-11-1", "flood", "water").replace("em:level level:city ; ", "")
)


class Statements:
    """Turtle as a source of statements."""

    generation = 5

    def __init__(self, turtle: str) -> None:
        quads = list(parse_text(turtle, "turtle"))
        places = {"s": "subject", "p": "predicate", "o": "object"}
        columns = {name: [str(getattr(quad, place)) for quad in quads] for name, place in places.items()}
        self._table = pa.table({**columns, "g": ["<https://w3id.org/emkg/graph/test>"] * len(quads)})

    def statements(
        self,
        *,
        graphs: Sequence[str] | None = None,
        predicates: Sequence[str] | None = None,
        as_of: int | None = None,
    ) -> pa.RecordBatchReader:
        del graphs, as_of
        names = pa.array([f"<{iri}>" for iri in predicates or ()], pa.string())
        return self._table.filter(pc.is_in(self._table["p"], names)).to_reader()


@pytest.fixture(scope="package")
def evaluator() -> Iterator[FallbackEvaluator]:
    turtle = PREFIXES + KNOWLEDGE + _bodies() + DUTIES + REGISTER
    evaluator = FallbackEvaluator(Statements(turtle), pool=PoolLimits(memory_bytes=512 << 20))
    yield evaluator
    evaluator.close()
