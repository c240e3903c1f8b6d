from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.mapping import FUNCTIONS
from emkg.mapping.function.grel import GREL, IDLAB
from emkg.mapping.parse import parse_mapping
from emkg.mapping.yarrrml.source import FORMULATIONS
from emkg.mapping.yarrrml.source import KEYS as SOURCE_KEYS
from emkg.vocabulary import FUNCTION, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

NAMESPACES = {"emf": FUNCTION, "grel": GREL, "idlab-fn": IDLAB}
GUIDE = "docs/guide/mapping.md"


def _row(name: str) -> str:
    function = FUNCTIONS[name]
    parameters = ", ".join(
        f"`{_short(each.iris[0])}` {each.summary}"
        if each.is_required
        else f"[`{_short(each.iris[0])}`] {each.summary}"
        for each in function.parameters
    )
    return f"| `{_short(name)}` | {parameters.replace('|', chr(92) + '|')} | {function.summary} |"


def _short(iri: str) -> str:
    return next(
        f"{prefix}:{iri.removeprefix(base)}" for prefix, base in NAMESPACES.items() if iri.startswith(base)
    )


def test_every_function_is_documented_as_it_describes_itself(checkout: Path) -> None:
    lines = (checkout / GUIDE).read_text(encoding="utf-8").splitlines()
    documented = [line for line in lines if re.match(r"\| `(emf|grel|idlab-fn):", line)]
    assert sorted(documented) == sorted(_row(name) for name in FUNCTIONS)


def test_every_key_of_a_source_is_documented(checkout: Path) -> None:
    text = (checkout / GUIDE).read_text(encoding="utf-8")
    words = set(re.findall(r"`(\w+)`", text))
    assert set(SOURCE_KEYS) - {"type"} <= words
    assert set(FORMULATIONS) <= words
    prefixes = re.search(r"The prefixes `([^`]+)`", text)
    assert prefixes is not None
    assert prefixes.group(1).split() == sorted(PREFIXES)


def test_the_examples_are_mappings(checkout: Path, tmp_path: Path) -> None:
    text = (checkout / GUIDE).read_text(encoding="utf-8")
    yarrrml = re.search(r"```yaml\n(prefixes.*?)```", text, re.DOTALL)
    rml = re.search(r"```turtle\n(.*?)```", text, re.DOTALL)
    assert yarrrml is not None
    assert rml is not None
    (tmp_path / "m.yml").write_text(yarrrml.group(1), encoding="utf-8")
    (tmp_path / "m.ttl").write_text(rml.group(1), encoding="utf-8")
    (one,) = parse_mapping(tmp_path / "m.yml", data_root=tmp_path).triples_maps
    (other,) = parse_mapping(tmp_path / "m.ttl", data_root=tmp_path).triples_maps
    assert (one.subject.expression, one.classes) == (other.subject.expression, other.classes)
    assert one.source.path == other.source.path
