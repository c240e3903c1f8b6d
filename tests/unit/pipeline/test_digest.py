"""What a dataset's digest covers: every file that can change its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.mapping import parse_mapping
from emkg.pipeline.digest import files_of, surroundings_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

YARRRML = """mappings:
  m:
    sources: [[a.csv~csv]]
    s: http://e/$(id)
    condition:
      function: emf:isPresent
      parameters: [[emf:value, {function: emf:translate, parameters: [[emf:value, $(c)], [emf:crosswalk, c.tsv]]}]]
    po: [[em:member, $(id)]]
"""
RML = """@prefix rml: <http://w3id.org/rml/> .
@prefix ex: <http://example.org/> .
<#a> rml:viewOn [ rml:source "a.csv" ; rml:referenceFormulation rml:CSV ] ; rml:field [ rml:fieldName "id" ; rml:reference "id" ] ;
  rml:leftJoin [ rml:parentLogicalView <#b> ; rml:joinCondition [ rml:child "id" ; rml:parent "no" ] ;
    rml:field [ rml:fieldName "name" ; rml:reference "name" ] ] .
<#b> rml:viewOn [ rml:source "b.csv" ; rml:referenceFormulation rml:CSV ] ; rml:field [ rml:fieldName "no" ; rml:reference "no" ] ;
  rml:field [ rml:fieldName "name" ; rml:reference "name" ] .
<#m> rml:logicalSource <#a> ; rml:subjectMap [ rml:template "http://e/{id}" ; rml:class ex:Thing ] .
"""


def _files(folder: Path, name: str, text: str) -> set[str]:
    (folder / name).write_text(text)
    return {path.name for path in files_of(parse_mapping(folder / name))}


def test_the_crosswalk_of_a_condition_is_covered(tmp_path: Path) -> None:
    assert _files(tmp_path, "m.yml", YARRRML) == {"m.yml", "a.csv", "c.tsv"}


def test_every_file_of_a_view_is_covered(tmp_path: Path) -> None:
    assert _files(tmp_path, "m.ttl", RML) == {"m.ttl", "a.csv", "b.csv"}


PSEUDONYMS = """mappings:
  m:
    sources: [[a.csv~csv]]
    s: http://e/$(id)
    po: [[em:member, {function: emf:pseudonym, parameters: [[emf:value, $(id)], [emf:key, CITY_KEY]]}]]
"""


def test_another_key_of_pseudonyms_is_told_and_nothing_of_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.yml").write_text(PSEUDONYMS)
    mapping = parse_mapping(tmp_path / "m.yml")
    told = []
    for key in ("0123456789abcdef", "0123456789abcdef", "fedcba9876543210"):
        monkeypatch.setenv("CITY_KEY", key)
        told.append(surroundings_of(mapping))
    assert told[0] == told[1] != told[2]
    assert len(told[0][0]) == 8


def test_another_version_of_a_package_with_functions_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    folder = tmp_path / "site" / "city_functions-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "entry_points.txt").write_text("[emkg.functions]\ncity = city_functions:FUNCTIONS\n")
    (tmp_path / "m.yml").write_text(YARRRML)
    mapping = parse_mapping(tmp_path / "m.yml")
    for version in ("1.0", "1.1"):
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: city-functions\nVersion: {version}\n")
        assert surroundings_of(mapping) == (f"city-functions {version}",)
