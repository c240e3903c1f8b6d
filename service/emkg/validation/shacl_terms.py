"""The terms of the SHACL namespace (core, SPARQL, advanced features), to tell a typo from a term."""

from __future__ import annotations

from typing import Final

NODE_KINDS: Final = frozenset(
    {"BlankNode", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRI", "IRIOrLiteral", "Literal"}
)
COUNTS: Final = (
    "minCount",
    "maxCount",
    "minLength",
    "maxLength",
    "qualifiedMinCount",
    "qualifiedMaxCount",
)
BOUNDS: Final = (
    ("minCount", "maxCount"),
    ("minLength", "maxLength"),
    ("qualifiedMinCount", "qualifiedMaxCount"),
    ("minInclusive", "maxInclusive"),
    ("minInclusive", "maxExclusive"),
    ("minExclusive", "maxInclusive"),
    ("minExclusive", "maxExclusive"),
)
SHAPE_REFERENCES: Final = ("node", "property", "not", "qualifiedValueShape")
SHAPE_LISTS: Final = ("and", "or", "xone")

_CONSTRAINTS = (
    "And Class Closed Datatype Disjoint Equals Expression HasValue In JS LanguageIn LessThan LessThanOrEquals "
    "MaxCount MaxExclusive MaxInclusive MaxLength MinCount MinExclusive MinInclusive MinLength Node NodeKind Not "
    "Or Pattern Property QualifiedMaxCount QualifiedMinCount SPARQL UniqueLang Xone"
)
_CLASSES = (
    "AbstractResult ConstraintComponent Function JSConstraint JSExecutable JSFunction JSLibrary JSRule JSTarget "
    "JSTargetType JSValidator NodeKind NodeShape Parameter Parameterizable PrefixDeclaration PropertyGroup "
    "PropertyShape ResultAnnotation Rule SPARQLAskExecutable SPARQLAskValidator SPARQLConstraint "
    "SPARQLConstructExecutable SPARQLExecutable SPARQLFunction SPARQLRule SPARQLSelectExecutable "
    "SPARQLSelectValidator SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable Severity Shape Target TargetType "
    "TripleRule ValidationReport ValidationResult Validator"
)
_SEVERITIES = "Info Violation Warning"
_PROPERTIES = (
    "alternativePath and annotationProperty annotationValue annotationVarName ask class closed condition conforms "
    "construct datatype deactivated declare defaultValue description detail disjoint entailment equals exists "
    "expression filterShape flags focusNode group hasValue if else then ignoredProperties in intersection "
    "inversePath js jsFunctionName jsLibrary jsLibraryURL labelTemplate languageIn lessThan lessThanOrEquals "
    "limit maxCount maxExclusive maxInclusive maxLength message minCount minExclusive minInclusive minLength "
    "minus name namespace node nodeKind nodeValidator nodes not object offset oneOrMorePath optional or order "
    "orderBy parameter path pattern predicate prefix prefixes property propertyValidator qualifiedMaxCount "
    "qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint result resultAnnotation resultMessage "
    "resultPath resultSeverity returnType rule select severity shapesGraph shapesGraphWellFormed "
    "sourceConstraint sourceConstraintComponent sourceShape sparql subject suggestedShapesGraph target "
    "targetClass targetNode targetObjectsOf targetSubjectsOf this union uniqueLang update validator value xone "
    "zeroOrMorePath zeroOrOnePath"
)
TERMS: Final = frozenset(
    [
        *(f"{name}ConstraintComponent" for name in _CONSTRAINTS.split()),
        *_CLASSES.split(),
        *_SEVERITIES.split(),
        *_PROPERTIES.split(),
        *NODE_KINDS,
    ]
)
