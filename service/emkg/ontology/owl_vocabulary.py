"""The names that OWL 2, RDF Schema and the datatype map reserve."""

from __future__ import annotations

from typing import Final

from emkg.vocabulary import OWL, RDF, RDFS, XSD


def _names(namespace: str, words: str) -> frozenset[str]:
    return frozenset(namespace + word for word in words.split())


OWL_NAMES: Final = _names(
    OWL,
    """
    AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty Axiom
    Class DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty InverseFunctionalProperty
    IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing ObjectProperty Ontology
    OntologyProperty ReflexiveProperty Restriction SymmetricProperty Thing TransitiveProperty
    allValuesFrom annotatedProperty annotatedSource annotatedTarget assertionProperty backwardCompatibleWith
    bottomDataProperty bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated
    differentFrom disjointUnionOf disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf
    hasValue imports incompatibleWith intersectionOf inverseOf maxCardinality maxQualifiedCardinality members
    minCardinality minQualifiedCardinality onClass onDataRange onDatatype onProperties onProperty oneOf
    priorVersion propertyChainAxiom propertyDisjointWith qualifiedCardinality rational real sameAs
    someValuesFrom sourceIndividual targetIndividual targetValue topDataProperty topObjectProperty unionOf
    versionIRI versionInfo withRestrictions
    """,
)
RDFS_NAMES: Final = _names(
    RDFS, "comment Datatype domain isDefinedBy label Literal range seeAlso subClassOf subPropertyOf"
)
RDF_NAMES: Final = _names(RDF, "first langString List nil PlainLiteral rest type XMLLiteral")
RESERVED: Final = {OWL: OWL_NAMES, RDFS: RDFS_NAMES, RDF: RDF_NAMES}

DATATYPES: Final = (
    _names(
        XSD,
        """
        anyURI base64Binary boolean byte dateTime dateTimeStamp decimal double float hexBinary int integer
        language long Name NCName negativeInteger NMTOKEN nonNegativeInteger nonPositiveInteger
        normalizedString positiveInteger short string token unsignedByte unsignedInt unsignedLong unsignedShort
        """,
    )
    | _names(RDF, "langString PlainLiteral XMLLiteral")
    | _names(OWL, "rational real")
    | _names(RDFS, "Literal")
)
"""The OWL 2 datatype map, rdfs:Literal and rdf:langString (OWL 2 Structural Specification, section 4)."""


def is_reserved(iri: str) -> bool:
    """Whether the IRI is in a namespace that OWL 2 reserves."""
    return iri.startswith((OWL, RDFS, RDF, XSD))
