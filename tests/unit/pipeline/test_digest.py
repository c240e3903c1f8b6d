"""What a dataset's digest covers: every file that can change its statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.mapping import parse_mapping
from emkg.pipeline.digest import files_of

if TYPE_CHECKING:
    from pathlib import Path

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
