"""`emkg` as a user calls it, and a town small enough to be ingested in a moment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from emkg.bootstrap import ingest_workspace, open_ledger, open_workspace
from emkg.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INCIDENTS = (
    "no,day,place,injured\nF1,2026-03-01,310000,0\nF2,2026-03-02,310000,many\nF3,2026-03-03,310000,-1\n"
)
LAW = (
    "act,title_zh,title_en,from,article,duty,text_zh,text_en,office,body,body_zh,body_en\n"
    "town-fire,镇消防规定,Town Fire Rules,2020-01-01,7,town-fire-7,扑救火灾,Fight the fire,消防机构,t-fire,镇消防队,Town fire brigade\n"
)
INCIDENTS_MAPPING = """\
prefixes:
  id: https://w3id.org/emkg/id/
sources:
  incidents:
    access: data:incidents.csv
    referenceFormulation: csv
mappings:
  incident:
    sources: [incidents]
    s: id:event/$(no)
    po:
      - [a, em:Event]
      - [em:eventType, code:event/fire~iri]
      - [em:startDate, $(day), xsd:date]
      - [em:jurisdiction, code:division/$(place)~iri]
      - [em:handledAt, code:level/city~iri]
      - [em:injured, $(injured), xsd:integer]
"""
LAW_MAPPING = """\
sources:
  law:
    access: data:law.csv
    referenceFormulation: csv
mappings:
  place:
    sources: [law]
    s: code:division/310000
    po:
      - [a, em:Division]
      - [em:within, code:division/310000~iri]
  level:
    sources: [law]
    s: code:level/city
    po: [[a, em:GovernmentLevel]]
  event-type:
    sources: [law]
    s: code:event/fire
    po:
      - [a, em:EventType]
      - [rdfs:label, 火灾, zh~lang]
      - [rdfs:label, Fire, en~lang]
  act:
    sources: [law]
    s: code:act/$(act)
    po:
      - [a, em:ActVersion]
      - [rdfs:label, $(title_zh), zh~lang]
      - [rdfs:label, $(title_en), en~lang]
      - [em:inForceFrom, $(from), xsd:date]
      - [em:heldFrom, $(from), xsd:date]
      - [em:bindsIn, code:division/310000~iri]
      - [em:isFullyRead, "true", xsd:boolean]
  article:
    sources: [law]
    s: code:act/$(act)/article/$(article)
    po:
      - [em:partOf, code:act/$(act)~iri]
      - [em:articleNumber, $(article)]
  duty:
    sources: [law]
    s: code:duty/$(duty)
    po:
      - [a, em:Duty]
      - [rdfs:label, $(text_zh), zh~lang]
      - [rdfs:label, $(text_en), en~lang]
      - [em:article, code:act/$(act)/article/$(article)~iri]
      - [em:eventType, code:event/fire~iri]
      - [em:phase, code:phase/rescue~iri]
      - [em:level, code:level/city~iri]
      - [em:modality, code:modality/duty~iri]
      - [em:bearer, code:office/$(office)~iri]
  office:
    sources: [law]
    s: code:office/$(office)
    po: [[rdfs:label, $(office), zh~lang]]
  incumbency:
    sources: [law]
    s: code:incumbency/$(body)
    po:
      - [em:office, code:office/$(office)~iri]
      - [em:body, code:body/$(body)~iri]
      - [em:level, code:level/city~iri]
      - [em:resolution, code:resolution/exact~iri]
  body:
    sources: [law]
    s: code:body/$(body)
    po:
      - [rdfs:label, $(body_zh), zh~lang]
      - [rdfs:label, $(body_en), en~lang]
"""
SHAPES = """\
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Event a sh:NodeShape ; sh:targetClass em:Event ; sh:property ex:injured .
ex:injured a sh:PropertyShape ; sh:path em:injured ; sh:minInclusive 0 ;
    sh:message "Nobody is injured less than not at all."@en , "受伤人数不得为负。"@zh .
"""
TOWN = {
    "emkg.toml": '[city]\nname_zh = "某镇"\nname_en = "A Town"\ndivision = "310000"\n',
    "data/incidents.csv": INCIDENTS,
    "data/law.csv": LAW,
    "mappings/fire/incidents.yml": INCIDENTS_MAPPING,
    "mappings/law/rules.yml": LAW_MAPPING,
    "shapes/town.ttl": SHAPES,
}


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """`emkg serve` hands its workspace on through the environment of its process, which here is the tests'."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@dataclass(frozen=True)
class Finished:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


class Emkg(Protocol):
    """Runs `emkg` with these words."""

    def __call__(self, *words: object, language: str = "en") -> Finished: ...


@pytest.fixture(autouse=True)
def _away_from_the_users_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("EMKG_WORKSPACE", raising=False)


@pytest.fixture
def emkg(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Emkg:
    """The command line in this process, with its exit code and what it printed."""

    def run(*words: object, language: str = "en") -> Finished:
        monkeypatch.setattr(sys, "argv", ["emkg", *map(str, words)])
        monkeypatch.setenv("EMKG_LANG", language)
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfdbinary.readouterr()
        assert isinstance(ended.value.code, int)
        return Finished(ended.value.code, out.decode(), err.decode())

    return run


def _write_town(folder: Path) -> Path:
    for name, text in TOWN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A workspace with files, mappings and a shape; nothing is ingested yet.

    Row 3 of the incidents has a number that is none, row 4 one that the shape refuses.
    """
    return _write_town(tmp_path / "town")


@pytest.fixture(scope="session")
def ingested_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same town, ingested; for commands that only read."""
    root = _write_town(tmp_path_factory.mktemp("town"))
    workspace = open_workspace(root)
    with open_ledger(workspace) as ledger:
        ingest_workspace(workspace, ledger, ["fire", "law"])
    return root
