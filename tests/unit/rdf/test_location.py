from __future__ import annotations

import pytest

from emkg.rdf import parse_text
from emkg.rdf.location import PLACE, predicate_places, prefixes_of, with_places

DOCUMENT = '''\
@prefix e: <http://e/> .  # a comment with [ and "
PREFIX f: <http://f/>
BASE <http://base/>
e:a.b e:p [ e:q "[", """x " [ .
]""" ; e:r [] ] ;
  f:t 1.5, true .
<#s> a f:T .
[ e:p ( [ e:q 'it\\'s' ] 2 ) ] .
[] e:p e:o\\, , <i> .
'''


def test_every_subject_and_bracket_gets_its_place() -> None:
    places = [
        quad.object.value
        for quad in parse_text(with_places(DOCUMENT), "turtle")
        if quad.predicate.value == PLACE
    ]
    assert sorted(places) == ["4:1", "4:11", "5:12", "7:1", "8:1", "8:9", "9:1"]


def test_nothing_else_changes() -> None:
    plain = [quad for quad in parse_text(with_places(DOCUMENT), "turtle") if quad.predicate.value != PLACE]
    assert len(plain) == len(list(parse_text(DOCUMENT, "turtle")))


@pytest.mark.parametrize("text", ["", "'''", "[", ". .", "@prefix"])
def test_text_that_is_no_turtle_does_no_harm(text: str) -> None:
    assert isinstance(with_places(text), str)


def test_every_predicate_is_found_behind_its_subject() -> None:
    assert predicate_places(DOCUMENT) == {
        "4:1": [("e:p", "4:7"), ("f:t", "6:3")],
        "4:11": [("e:q", "4:13"), ("e:r", "5:8")],
        "7:1": [("a", "7:6")],
        "8:1": [("e:p", "8:3")],
        "8:9": [("e:q", "8:11")],
        "9:1": [("e:p", "9:4")],
    }


def test_prefixes_are_those_that_the_document_declares() -> None:
    assert prefixes_of(DOCUMENT) == {"e:": "http://e/", "f:": "http://f/"}
