"""How well a column fits a property, or a table a class: a score from 0 to 1, and the reason in words."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.ontology import TermKind
from emkg.vocabulary import PREFIXES, RDFS_LABEL, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emkg.ontology import Ontology, OntologyTerm
    from emkg.sources.inspection import ColumnProfile

_BRACKETS: Final = re.compile(r"[(（\[【].*?[)）\]】]")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN: Final = re.compile(r"[\s_\-./:@\[\]*'\"]+")
_PREFIX: Final = re.compile(r"^@?(\w+:)?")  # of an XML name
_ENDS: Final = re.compile(r"(\d+| (zh|cn|en|eng))$")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_NUMBERS: Final = {"integer", "decimal", "double"}
_SAID: Final = 1.0
_KNOWN: Final = 0.95
_ENDING: Final = 0.7
_LIKENESS: Final = 0.85  # what two alike names are worth at most
_OBJECTS: Final = {"division": "Division", "event-type": "EventType"}


@dataclass(frozen=True)
class Target:
    """A property that a column may be mapped to.

    Attributes:
        iri: The property.
        names: Its labels and local name.
        words: What departments call it.
        domain: Classes of which its subject is.
        range: Local names of its range.
        is_object: Its values are things, not texts.
    """

    iri: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    domain: frozenset[str]
    range: frozenset[str]
    is_object: bool


@dataclass(frozen=True)
class Fit:
    """A property for a column."""

    target: Target
    score: float
    reason: str


def read_words(file: Path) -> dict[str, tuple[str, ...]]:
    """IRI -> the words that departments use for it."""
    with file.open(encoding="utf-8", newline="") as rows:
        found = {}
        for row in csv.DictReader(rows):
            prefix, _, name = row["term"].partition(":")
            found[PREFIXES[prefix] + name] = tuple(row["words"].split(";"))
        return found


def targets_of(ontology: Ontology, words: Mapping[str, tuple[str, ...]]) -> tuple[Target, ...]:
    """The properties of the ontology that departments' data can have, and rdfs:label."""
    own = [
        term
        for term in ontology.terms.values()
        if term.kind.is_property
        and (term.iri in words or (term.iri.startswith(PREFIXES["em"]) and _is_for_data(term)))
    ]
    label = Target(
        RDFS_LABEL, ("label",), words.get(RDFS_LABEL, ()), frozenset(), frozenset(), is_object=False
    )
    return (label, *(_target(term, words.get(term.iri, ())) for term in own))


def _is_for_data(term: OntologyTerm) -> bool:
    """Properties of the module of city data; those of law and of the model itself are not a department's."""
    return term.defined_by.endswith(("/city-data", "/resources", "/protection"))


def _target(term: OntologyTerm, words: tuple[str, ...]) -> Target:
    local = re.split(r"[#/]", term.iri)[-1]
    ranges = frozenset(re.split(r"[#/]", iri)[-1] for iri in term.range)
    is_object = term.kind is TermKind.OBJECT_PROPERTY
    return Target(term.iri, (*term.labels.values(), local), words, frozenset(term.domain), ranges, is_object)


def fit(column: ColumnProfile, target: Target) -> Fit | None:
    """How the column fits the property; None where it cannot be mapped to it at all."""
    name_score, reason = max(_name_score(name, target) for name in (column.name, column.tag) if name)
    kind_score, kind_reason = _kind_score(column, target)
    if kind_score == 0 or name_score == 0:
        return None
    score = round(name_score * (0.7 + 0.3 * kind_score), 2)
    return Fit(target, score, f"{reason}; {kind_reason}" if kind_reason else reason)


def _name_score(name: str, target: Target) -> tuple[float, str]:
    best = (0.0, "")
    for form in _forms(name):
        for word in target.words:
            if form == _normal(word):
                best = max(best, (_KNOWN, f"“{word}” is a word for it"))
            elif _CHINESE.search(word) and form.endswith(_normal(word)):
                best = max(best, (_ENDING, f"its name ends in “{word}”, a word for it"))
        for label in target.names:
            if form == _normal(label):
                best = max(best, (_SAID, f"its name is the label “{label}”"))
            elif (likeness := _likeness(form, _normal(label))) > best[0]:
                best = (likeness, f"its name is like the label “{label}”")
    return best


def _forms(name: str) -> list[str]:
    """The name as it stands, the last step where it is a path, and that without a number or a language at its end."""
    plain = _BRACKETS.sub("", name)
    steps = [_PREFIX.sub("", step) for step in re.split(r"[./]", plain) if _PREFIX.sub("", step)]
    last = _normal(steps[-1]) if steps else ""
    bare = _ENDS.sub("", last).strip()
    return list(dict.fromkeys(form for form in (_normal(name), last, bare) if form))


def _normal(name: str) -> str:
    """Lower case, half width, without brackets and what is in them, words set apart by blanks."""
    text = unicodedata.normalize("NFKC", name)
    if text.startswith("#"):
        return text.lower()
    return _BETWEEN.sub(" ", _CAMEL.sub(" ", _BRACKETS.sub("", text))).strip().lower()


def _likeness(one: str, other: str) -> float:
    """Shared characters in pairs for Chinese, shared words for other names (Dice's coefficient), scaled down."""
    first, second = _pieces(one), _pieces(other)
    if not first or not second or bool(_CHINESE.search(one)) != bool(_CHINESE.search(other)):
        return 0.0
    return _LIKENESS * 2 * len(first & second) / (len(first) + len(second))


def _pieces(name: str) -> set[str]:
    if not _CHINESE.search(name):
        return set(name.split())
    text = name.replace(" ", "")
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}


def _kind_score(column: ColumnProfile, target: Target) -> tuple[float, str]:
    """1 where values and range agree, less where they may, 0 where they cannot."""
    if target.is_object:
        return _object_score(column, target)
    if not target.range or target.range & {"Literal", "langString", "string"}:
        is_text = column.datatype == "string" or not target.range
        return (1.0, "") if is_text else (0.5, f"its values look like {column.datatype}")
    wanted = min(target.range)
    if column.datatype == wanted or (
        wanted in _NUMBERS and column.datatype in _NUMBERS and wanted != "integer"
    ):
        return 1.0, f"its values are {column.datatype}"
    if wanted == "dateTime" and is_epoch_millis(column):
        return 1.0, "its values are milliseconds since 1970"
    if {wanted, column.datatype} == {"date", "dateTime"}:
        return 0.4, f"its values are {column.datatype}, the property wants {wanted}"
    return 0.0, ""


def _object_score(column: ColumnProfile, target: Target) -> tuple[float, str]:
    """1 where the values are codes of the things that the property points to."""
    for code in column.codes:
        if _OBJECTS.get(code.kind.name) in target.range:
            return 1.0, f"{code.share:.0%} of the values: {code.kind.label[0]}"
    return 0.0, ""


def is_epoch_millis(column: ColumnProfile) -> bool:
    """The values are moments, counted in milliseconds since 1970."""
    return any(code.kind.name == "epoch-millis" for code in column.codes)


def xsd_of(target: Target) -> str:
    """The XSD datatype of a property's range; empty where it has none of them."""
    (name,) = target.range if len(target.range) == 1 else ("",)
    return XSD + name if name in _NUMBERS | {"date", "dateTime", "boolean", "string"} else ""


def class_likeness(name: str, term: OntologyTerm) -> float:
    """How like a table's name is to a class's labels."""
    local = re.split(r"[#/]", term.iri)[-1]
    return max(
        (
            _likeness(form, _normal(label))
            for form in _forms(name)
            for label in (*term.labels.values(), local)
        ),
        default=0.0,
    )
