"""The ontology's reference as HTML: all modules, one module, one term, one thing; in Chinese and English."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING, Final

from emkg.api.ontology_link import address, both, link, short_name, shown_term
from emkg.api.page import page, table
from emkg.ontology import TermKind
from emkg.ontology.term import split_iri
from emkg.rdf import BlankNode
from emkg.vocabulary import DCTERMS, GRAPH, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.responses import HTMLResponse

    from emkg.api.ontology_reference import Reference
    from emkg.api.ontology_thing import Thing
    from emkg.ontology import OntologyTerm

FORMATS: Final = ("turtle", "jsonld", "rdfxml", "ntriples")
_KINDS: Final = {
    TermKind.CLASS: ("类", "Class"),
    TermKind.OBJECT_PROPERTY: ("对象属性", "Object property"),
    TermKind.DATATYPE_PROPERTY: ("数据属性", "Datatype property"),
    TermKind.ANNOTATION_PROPERTY: ("注释属性", "Annotation property"),
    TermKind.INDIVIDUAL: ("个体", "Individual"),
}
_SHOWN_ELSEWHERE: Final = frozenset(
    {
        RDF_TYPE,
        RDFS_LABEL,
        SKOS + "definition",
        RDFS + "subClassOf",
        RDFS + "subPropertyOf",
        RDFS + "domain",
        RDFS + "range",
        RDFS + "isDefinedBy",
    }
)
_INFERRED: Final = GRAPH + "inferred/"
_OTHERS: Final = {
    OWL + "inverseOf": "逆属性 inverse of",
    OWL + "disjointWith": "互斥 disjoint with",
    DCTERMS + "source": "来源 source",
    OWL + "deprecated": "弃用 deprecated",
}


def overview(reference: Reference) -> HTMLResponse:
    """All modules with their classes and properties; each term has its anchor, so `#Duty` leads to it."""
    parts = [_formats("/ontology")]
    parts.append(
        "<p>"
        + " · ".join(f'<a href="#module-{escape(name)}">{escape(name)}</a>' for name in reference.modules)
        + "</p>"
    )
    for name in reference.modules:
        parts.append(_module_head(reference, name, level=2))
        parts.append(_terms_table(reference.terms_of(name, with_individuals=False)))
    return page("本体 Ontology", "".join(parts))


def module_page(reference: Reference, name: str) -> HTMLResponse:
    """One module, with its individuals too."""
    body = _formats(f"/ontology/{name}") + _module_head(reference, name, level=0)
    body += _terms_table(reference.terms_of(name, with_individuals=True))
    return page(f"模块 Module {name}", body + _back())


def term_page(reference: Reference, term: OntologyTerm) -> HTMLResponse:
    """One term: what it means, where it stands among the others, who uses it, and what it is aligned to."""
    rows = [
        ("IRI", f"<code>{escape(term.iri)}</code>"),
        ("种类 kind", " · ".join(_KINDS[term.kind])),
        ("定义 definition", both(term.definitions, "<br>")),
        ("模块 module", link(term.defined_by) if term.defined_by else ""),
        ("上位 above", _links(reference, term.parents)),
        ("下位 below", _links(reference, reference.below(term.iri))),
        ("类型 type", _links(reference, (each for each in term.types if not each.startswith(OWL)))),
        ("定义域 domain", _links(reference, term.domain)),
        ("值域 range", _links(reference, term.range)),
        *_other_rows(reference, term),
    ]
    body = _formats(address(term.iri)) + table(("", ""), [row for row in rows if row[1]])
    if term.kind is TermKind.CLASS:
        body += _section("属性 Properties", _properties_table(reference, reference.properties_of(term.iri)))
        body += _section(
            "以此为值 Used as a value by", _properties_table(reference, reference.pointing_to(term.iri))
        )
        body += _section("个体 Individuals", _list(reference, reference.individuals_of(term.iri)))
    body += _section("对应 Alignments", _alignments(reference, term.iri))
    return page(
        f"{term.labels.get('zh', '')} {term.labels.get('en', '')}".strip() or short_name(term.iri),
        body + _back(),
    )


def thing_page(thing: Thing, reference: Reference, notice: str = "") -> HTMLResponse:
    """One thing: what each graph says of it, and what mentions it."""
    labels = {**reference.labels, **thing.labels}
    body = _formats(address(thing.iri)) + f"<p><code>{escape(thing.iri)}</code></p>"
    graphs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for each in thing.said:
        graphs[each.graph].append(
            (link(each.predicate, labels.get(each.predicate)), shown_term(each.object, labels))
        )
    for graph, rows in sorted(graphs.items(), key=lambda each: (each[0].startswith(_INFERRED), each[0])):
        kind = "推出 Inferred" if graph.startswith(_INFERRED) else "断言 Asserted"
        title = f"{kind} <code>{escape(short_name(graph))}</code>" if graph else "本体模块 Ontology modules"
        body += f"<h2>{title}</h2>{table(('属性 property', '值 value'), rows)}"
    mentions = [
        (link(subject, labels.get(subject)), link(predicate, labels.get(predicate)))
        for subject, predicate in thing.mentions
    ]
    more = "<p>还有更多，请用 SPARQL 查询。There are more; ask with SPARQL.</p>" if thing.has_more else ""
    body += _section(
        "提到它的 Mentioned by", table(("主体 subject", "属性 property"), mentions) + more if mentions else ""
    )
    own = thing.labels.get(thing.iri, {})
    title = " ".join(own[each] for each in ("zh", "en") if each in own) or short_name(thing.iri)
    return page(title, body + _back(), notice)


def _formats(path: str) -> str:
    links = " · ".join(f'<a href="{escape(path)}?format={form}">{form}</a>' for form in FORMATS)
    return f"<p>RDF: {links}</p>"


def _back() -> str:
    return '<p><a href="/ontology">全部术语 All terms</a> · <a href="/docs">服务 Service</a></p>'


def _section(title: str, body: str) -> str:
    return f"<h2>{title}</h2>{body}" if body else ""


def _module_head(reference: Reference, name: str, *, level: int) -> str:
    title, description = reference.module_texts(name)
    head = f'<h2 id="module-{escape(name)}"><a href="/ontology/{escape(name)}">{escape(name)}</a> {both(title)}</h2>'
    return (head if level else f"<p>{both(title)}</p>") + f"<p>{both(description)}</p>"


def _terms_table(terms: Sequence[OntologyTerm]) -> str:
    rows = [
        (
            f'<span id="{escape(split_iri(term.iri)[1])}">{link(term.iri)}</span><br><small>{" ".join(_KINDS[term.kind])}</small>',
            both(term.labels, "<br>"),
            both(term.definitions, "<br>"),
        )
        for term in terms
    ]
    return table(("术语 term", "名称 label", "定义 definition"), rows) if rows else ""


def _properties_table(reference: Reference, terms: Sequence[OntologyTerm]) -> str:
    rows = [
        (link(term.iri, term.labels), _links(reference, term.domain), _links(reference, term.range))
        for term in terms
    ]
    return table(("属性 property", "定义域 domain", "值域 range"), rows) if rows else ""


def _other_rows(reference: Reference, term: OntologyTerm) -> list[tuple[str, str]]:
    said: dict[str, list[str]] = defaultdict(list)
    for quad in reference.statements_of(term.iri):
        if quad.predicate.value not in _SHOWN_ELSEWHERE and not isinstance(quad.object, BlankNode):
            said[quad.predicate.value].append(shown_term(quad.object, reference.labels))
    return [
        (_OTHERS.get(predicate) or link(predicate, reference.labels.get(predicate)), "<br>".join(values))
        for predicate, values in said.items()
    ]


def _alignments(reference: Reference, iri: str) -> str:
    rows = [
        (
            link(each.predicate),
            link(each.object),
            escape(each.object_label),
            f"{each.confidence:g}",
            escape(each.comment),
        )
        for each in reference.alignments_of(iri)
    ]
    return (
        table(("关系 relation", "术语 term", "含义 meaning", "可信度 confidence", "说明 note"), rows)
        if rows
        else ""
    )


def _links(reference: Reference, iris: Iterable[str]) -> str:
    return "<br>".join(link(iri, reference.labels.get(iri)) for iri in iris)


def _list(reference: Reference, iris: Sequence[str]) -> str:
    items = "".join(f"<li>{link(iri, reference.labels.get(iri))}</li>" for iri in iris)
    return f"<ul>{items}</ul>" if items else ""
