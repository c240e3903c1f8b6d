"""The Turtle modules of `ontology/` to one immutable value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.errors import InputError
from emkg.ontology.module import Module, read_module
from emkg.ontology.term import Ontology, OntologyTerm, TermKind
from emkg.rdf import IRI, Literal
from emkg.vocabulary import CODE, EM, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from emkg.rdf import Quad, Term

_KINDS: Final = {
    OWL + "Class": TermKind.CLASS,
    OWL + "ObjectProperty": TermKind.OBJECT_PROPERTY,
    OWL + "DatatypeProperty": TermKind.DATATYPE_PROPERTY,
    OWL + "AnnotationProperty": TermKind.ANNOTATION_PROPERTY,
}
_PARENTS: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_ONTOLOGY: Final = OWL + "Ontology"


def load_ontology(folder: Path) -> Ontology:
    """Every module directly in `folder` (`*.ttl`), in the order of their names; folders inside are not read.

    A term that two modules declare is kept once, from the first of them, with the statements of both.

    Raises:
        InputError: The folder holds no module.
        RdfSyntaxError: A module does not parse; located by file, line and column.
    """
    return read_ontology(module_files(folder))


def module_files(folder: Path) -> tuple[Path, ...]:
    """The modules directly in a folder, by name.

    Raises:
        InputError: There is none.
    """
    files = tuple(sorted(folder.glob("*.ttl")))
    if not files:
        raise InputError(
            f"{folder}: there is no ontology module (*.ttl) here",
            message_zh=f"{folder} 中没有本体模块（*.ttl）",
        )
    return files


def read_ontology(files: Iterable[Path]) -> Ontology:
    """The modules in these files, in the order given.

    Raises:
        InputError: A file is missing or its format unknown.
        RdfSyntaxError: A module does not parse; located by file, line and column.
    """
    modules = tuple(read_module(file) for file in files)
    quads = tuple(quad for module in modules for quad in module.quads)
    return Ontology(quads, _terms(quads, _declaring_files(modules)), modules)


def _declaring_files(modules: Iterable[Module]) -> dict[str, str]:
    files: dict[str, str] = {}
    for module in modules:
        for quad in module.quads:
            if isinstance(quad.subject, IRI) and quad.predicate.value == RDF_TYPE:
                files.setdefault(quad.subject.value, module.name)
    return files


def _terms(quads: Iterable[Quad], files: Mapping[str, str]) -> dict[str, OntologyTerm]:
    about: dict[str, dict[str, list[Term]]] = {}
    for quad in quads:
        if isinstance(quad.subject, IRI) and quad.subject.value in files:
            statements = about.setdefault(quad.subject.value, {})
            statements.setdefault(quad.predicate.value, []).append(quad.object)
    described = (_term(iri, about[iri], files[iri]) for iri in sorted(about))
    return {term.iri: term for term in described if term is not None}


def _term(iri: str, statements: Mapping[str, list[Term]], file: str) -> OntologyTerm | None:
    types = _iris(statements, RDF_TYPE)
    kind = next((_KINDS[name] for name in types if name in _KINDS), None)
    if kind is None and (_ONTOLOGY in types or not iri.startswith((EM, CODE))):
        return None
    return OntologyTerm(
        iri=iri,
        kind=kind or TermKind.INDIVIDUAL,
        file=file,
        labels=_texts(statements, RDFS_LABEL),
        definitions=_texts(statements, SKOS + "definition"),
        domain=_iris(statements, RDFS + "domain"),
        range=_iris(statements, RDFS + "range"),
        parents=tuple(parent for predicate in _PARENTS for parent in _iris(statements, predicate)),
        types=types,
        defined_by=next(iter(_iris(statements, RDFS + "isDefinedBy")), ""),
    )


def _iris(statements: Mapping[str, list[Term]], predicate: str) -> tuple[str, ...]:
    return tuple(term.value for term in statements.get(predicate, ()) if isinstance(term, IRI))


def _texts(statements: Mapping[str, list[Term]], predicate: str) -> dict[str, str]:
    texts = (term for term in statements.get(predicate, ()) if isinstance(term, Literal))
    return {text.language: text.value for text in texts}
