"""Every IRI the code names, spelled once, as plain strings; wrap them in `rdf.IRI` where a term is meant."""

from __future__ import annotations

from typing import Final

EM: Final = "https://w3id.org/emkg/ontology#"
CODE: Final = "https://w3id.org/emkg/code/"
ID: Final = "https://w3id.org/emkg/id/"
GRAPH: Final = "https://w3id.org/emkg/graph/"
REPORT_GRAPH: Final = GRAPH + "validation"  # the validation report on the ledger
SHAPES: Final = "https://w3id.org/emkg/shapes#"
FUNCTION: Final = "https://w3id.org/emkg/function#"
MAPPING: Final = "https://w3id.org/emkg/mapping/"
SOURCE: Final = "https://w3id.org/emkg/source#"
PROBLEM: Final = "https://w3id.org/emkg/problems/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
PROV: Final = "http://www.w3.org/ns/prov#"
DCTERMS: Final = "http://purl.org/dc/terms/"
DCAT: Final = "http://www.w3.org/ns/dcat#"
ORG: Final = "http://www.w3.org/ns/org#"
ELI: Final = "http://data.europa.eu/eli/ontology#"
SOSA: Final = "http://www.w3.org/ns/sosa/"
GEO: Final = "http://www.opengis.net/ont/geosparql#"
RML: Final = "http://w3id.org/rml/"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
CSVW: Final = "http://www.w3.org/ns/csvw#"
WOT: Final = "https://www.w3.org/2019/wot/td#"
HYPERMEDIA: Final = "https://www.w3.org/2019/wot/hypermedia#"
R2RML: Final = "http://www.w3.org/ns/r2rml#"
LEGACY_RML: Final = "http://semweb.mmlab.be/ns/rml#"
LEGACY_FNML: Final = "http://semweb.mmlab.be/ns/fnml#"
LEGACY_QL: Final = "http://semweb.mmlab.be/ns/ql#"
D2RQ: Final = "http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#"

PREFIXES: Final[dict[str, str]] = {
    "code": CODE,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "eli": ELI,
    "em": EM,
    "emf": FUNCTION,
    "ems": SOURCE,
    "emsh": SHAPES,
    "geo": GEO,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "rml": RML,
    "sh": SH,
    "skos": SKOS,
    "sosa": SOSA,
    "xsd": XSD,
}

RDF_TYPE: Final = RDF + "type"
RDFS_LABEL: Final = RDFS + "label"
