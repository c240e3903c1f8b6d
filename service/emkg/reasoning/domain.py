"""The domain's rules: SPARQL rules of SHACL Advanced Features (https://www.w3.org/TR/shacl-af/#SPARQLRule)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.errors import Location, QueryRefusedError, QuerySyntaxError, ShapesError
from emkg.plan import Construct, Pattern, TriplePattern, Variable, parse_construct
from emkg.rdf import IRI, Literal, Quad, Term, parse_file
from emkg.reasoning.rule import Rule
from emkg.vocabulary import OWL, RDF_TYPE, RDFS, RDFS_LABEL, SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_THIS = Variable("this")
_TRUE = "true"
_TARGETS = (SH + "targetNode", SH + "targetSubjectsOf", SH + "targetObjectsOf", SH + "target")
_OTHER_RULES = (SH + "TripleRule", SH + "JSRule")


def domain_rules(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules of files, and of all `*.ttl` below folders, in the order of `sh:order` and then of their names.

    A rule holds for the focus nodes of its shape's `sh:targetClass`; one with several target classes becomes
    several rules of one name. Deactivated rules and shapes are left out.

    Raises:
        ShapesError: A rule does not parse, or says what is not compiled; located by file and line.
        RdfSyntaxError: A file does not parse.
    """
    files = [file for path in paths for file in (sorted(path.rglob("*.ttl")) if path.is_dir() else [path])]
    ordered = [entry for file in files for entry in _RuleFile.read(file).rules()]
    return tuple(rule for _, rule in sorted(ordered, key=lambda entry: (entry[0], entry[1].name)))


@dataclass(frozen=True)
class _RuleFile:
    """A file of shapes with rules, as far as it is read here."""

    path: Path
    text: str
    quads: tuple[Quad, ...]

    @classmethod
    def read(cls, path: Path) -> _RuleFile:
        quads = tuple(parse_file(path, base=path.resolve().as_uri()))
        return cls(path, path.read_text(encoding="utf-8"), quads)

    def rules(self) -> Iterator[tuple[float, Rule]]:
        for quad in self.quads:
            if (
                quad.predicate.value == SH + "rule"
                and not self._is_off(quad.subject)
                and not self._is_off(quad.object)
            ):
                yield from self._of_shape(quad.subject, quad.object)

    def _of_shape(self, shape: Term, node: Term) -> Iterator[tuple[float, Rule]]:
        construct = self._construct(node)
        for target in self._target_classes(shape, node):
            focus = TriplePattern(_THIS, IRI(RDF_TYPE), target)
            where = construct.where
            body = Pattern((*where.triples, focus), where.comparisons, where.negated)
            try:
                rule = Rule(
                    _name(node), body, construct.template, (), self._location(node), self._texts(node)
                )
            except ValueError as error:
                raise self._error(node, str(error), str(error)) from error
            yield self._order(node), rule

    def _construct(self, node: Term) -> Construct:
        kinds = [kind.value for kind in self._values(node, RDF_TYPE) if isinstance(kind, IRI)]
        texts = [text.value for text in self._values(node, SH + "construct") if isinstance(text, Literal)]
        if len(texts) != 1 or set(kinds) & set(_OTHER_RULES):
            raise self._error(
                node,
                "only sh:SPARQLRule with one sh:construct is compiled",
                "只支持带一个 sh:construct 的 sh:SPARQLRule",
            )
        if self._values(node, SH + "condition"):
            raise self._error(
                node, "sh:condition is not compiled; say it in the WHERE", "不支持 sh:condition，请写入 WHERE"
            )
        try:
            return parse_construct(texts[0], self._prefixes(node))
        except (QuerySyntaxError, QueryRefusedError) as error:
            raise self._error(node, str(error), error.message_zh) from error

    def _target_classes(self, shape: Term, node: Term) -> list[IRI]:
        if any(self._values(shape, target) for target in _TARGETS):
            raise self._error(
                node, "a rule's shape may have sh:targetClass only", "规则所在形状只能使用 sh:targetClass"
            )
        classes = [target for target in self._values(shape, SH + "targetClass") if isinstance(target, IRI)]
        if not classes:
            raise self._error(
                node,
                "the rule's shape has no sh:targetClass, so it would hold for nothing",
                "规则所在形状没有 sh:targetClass",
            )
        return sorted(classes)

    def _prefixes(self, node: Term) -> dict[str, str]:
        waiting, seen, prefixes = list(self._values(node, SH + "prefixes")), set[Term](), dict[str, str]()
        while waiting:
            holder = waiting.pop()
            if holder in seen:
                continue
            seen.add(holder)
            waiting += self._values(holder, OWL + "imports")
            for declaration in self._values(holder, SH + "declare"):
                (prefix,) = self._values(declaration, SH + "prefix")
                (namespace,) = self._values(declaration, SH + "namespace")
                prefixes[str(getattr(prefix, "value", ""))] = str(getattr(namespace, "value", ""))
        return prefixes

    def _texts(self, node: Term) -> dict[str, str]:
        texts: dict[str, str] = {}
        for predicate in (RDFS_LABEL, RDFS + "comment"):
            texts |= {t.language: t.value for t in self._values(node, predicate) if isinstance(t, Literal)}
        return texts

    def _order(self, node: Term) -> float:
        numbers = [
            float(value.value) for value in self._values(node, SH + "order") if isinstance(value, Literal)
        ]
        return numbers[0] if numbers else 0.0

    def _is_off(self, node: Term) -> bool:
        return any(
            isinstance(v, Literal) and v.value == _TRUE for v in self._values(node, SH + "deactivated")
        )

    def _values(self, subject: Term, predicate: str) -> list[Term]:
        return [q.object for q in self.quads if q.subject == subject and q.predicate.value == predicate]

    def _location(self, node: Term) -> Location:
        """Where a line begins with the rule's name, as the prefixed or the full IRI."""
        start = re.compile(rf"^\S*[:#/]{re.escape(_name(node))}>?(\s|$)")
        lines = enumerate(self.text.splitlines(), start=1)
        return Location(str(self.path), next((number for number, line in lines if start.match(line)), None))

    def _error(self, node: Term, message: str, message_zh: str) -> ShapesError:
        name = _name(node)
        return ShapesError(
            f"rule {name}: {message}", message_zh=f"规则 {name}：{message_zh}", location=self._location(node)
        )


def _name(node: Term) -> str:
    return re.split(r"[#/]", node.value)[-1]
