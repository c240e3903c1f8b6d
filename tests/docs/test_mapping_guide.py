from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from emkg.errors import DataError
from emkg.mapping import FUNCTIONS, call, run_mapping
from emkg.mapping.function.grel import GREL, IDLAB
from emkg.mapping.parse import parse_mapping
from emkg.mapping.yarrrml.source import FORMULATIONS
from emkg.mapping.yarrrml.source import KEYS as SOURCE_KEYS
from emkg.pipeline.map_run import map_run
from emkg.vocabulary import FUNCTION, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping import Function

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


def _example(checkout: Path, page: str, language: str, start: str) -> str:
    """The one example of a page that begins so."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (checkout / page).read_text("utf-8"), re.DOTALL)
    [found] = [block for block in blocks if block.lstrip().startswith(start)]
    return str(found)


def _run(folder: Path, name: str, text: str, **files: str) -> list[dict[str, str]]:
    for file, content in files.items():
        (folder / f"{file}.csv").write_text(content, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    mapping = parse_mapping(folder / name, data_root=folder)
    with run_mapping(mapping, dataset="d", base="http://e/", strict=True) as run:
        return list(run.statements().read_all().to_pylist())


def test_the_example_of_conditions_works(checkout: Path, tmp_path: Path) -> None:
    text = "mappings:\n  m:\n    sources: [[a.csv~csv]]\n    s: http://e/$(id)\n"
    text += _example(checkout, GUIDE, "yaml", "condition:")

    rows = _run(
        tmp_path, "m.yml", text, a="id,状态,停用日期\n1,在用,2026-01-02\n2,在用,\n3,停用,2026-01-02\n"
    )

    assert [(row["s"], row["o"]) for row in rows] == [
        ("<http://e/1>", '"2026-01-02"^^<http://www.w3.org/2001/XMLSchema#date>')
    ]


RML = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("em", "rdf"))
RML += "@prefix rml: <http://w3id.org/rml/> .\n@prefix formats: <http://www.w3.org/ns/formats/> .\n"
SOURCE = '<#m> rml:logicalSource [ rml:source "a.csv" ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; '


def test_the_example_of_lists_works(checkout: Path, tmp_path: Path) -> None:
    text = RML + SOURCE + _example(checkout, GUIDE, "turtle", "rml:predicateObjectMap")

    rows = _run(tmp_path, "m.ttl", text, a="id,队伍,成员\n1,x,甲\n2,x,乙\n")

    assert sorted(row["o"] for row in rows if row["p"].endswith("#first>")) == ['"乙"', '"甲"']


def test_the_example_of_targets_works(checkout: Path, tmp_path: Path) -> None:
    target = _example(checkout, GUIDE, "turtle", "rml:logicalTarget")
    text = f'{RML}{SOURCE} rml:predicateObjectMap [ rml:predicate em:member ; rml:objectMap [ rml:reference "id" ; {target} ] ] .'
    (tmp_path / "m.ttl").write_text(text, encoding="utf-8")
    (tmp_path / "a.csv").write_text("id\n1\n")

    map_run([tmp_path / "m.ttl"], tmp_path / "out.nq", base="http://e/")

    with gzip.open(tmp_path / "contacts.ttl.gz", "rt", encoding="utf-8") as file:
        assert "<http://e/1>" in file.read()


def test_the_example_of_views_works(checkout: Path, tmp_path: Path) -> None:
    view = _example(checkout, "docs/guide/sources.md", "turtle", "<#posts>")
    bodies = '<#bodies> rml:viewOn [ rml:source "bodies.csv" ; rml:referenceFormulation rml:CSV ] ; '
    bodies += 'rml:field [ rml:fieldName "post" ; rml:reference "post" ] ; rml:field [ rml:fieldName "name" ; rml:reference "name" ] .\n'
    text = f"{RML}{view}{bodies}<#m> rml:logicalSource <#posts> ; "
    text += 'rml:subjectMap [ rml:template "http://e/{code}/{duty.shift.#}/{body.#}" ] ; rml:predicateObjectMap [ '
    text += 'rml:predicate em:member ; rml:objectMap [ rml:template "{body}-{duty.shift.name}" ; rml:termType rml:Literal ] ] .'

    rows = _run(
        tmp_path,
        "m.ttl",
        text,
        posts='代码,值班\n7,"[{""name"":""夜""},{""name"":""日""}]"\n',
        bodies="post,name\n7,B\n",
    )

    assert {(row["s"], row["o"]) for row in rows} == {
        ("<http://e/7/0/0>", '"B-夜"'),
        ("<http://e/7/1/0>", '"B-日"'),
    }


def test_the_example_of_a_function_works(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[str, list[Function]] = {}
    exec(_example(checkout, GUIDE, "python", "# city_functions.py"), names)  # noqa: S102 - the guide's own example
    [function] = names["FUNCTIONS"]
    monkeypatch.setattr(call, "known_functions", lambda: {function.iri: function})
    text = "mappings:\n  m:\n    sources: [[a.csv~csv]]\n    s: http://e/$(id)\n    po:\n"
    text += f"      - [em:member, {{function: '{function.iri}', parameters: [[emf:value, $(id)]]}}]\n"

    rows = _run(tmp_path, "m.yml", text, a="id\n42\n")

    assert [row["o"] for row in rows] == ['"00042"']
    with pytest.raises(DataError, match="number of at most five digits"):
        _run(tmp_path, "m.yml", text, a="id\n123456\n")


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
