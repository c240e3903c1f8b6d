"""Terms and things at their own addresses: pages for people, RDF for programs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from emkg.api import create_app
from emkg.api.ontology_page import thing_page
from emkg.api.ontology_reference import Reference
from emkg.api.ontology_thing import Said, Thing
from emkg.rdf import IRI, Literal, parse_text
from emkg.vocabulary import EM, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emkg.api import Service
    from emkg.rdf import Quad

FORMATS = [
    ("text/turtle", "turtle"),
    ("application/ld+json", "jsonld"),
    ("application/rdf+xml", "rdfxml"),
    ("application/n-triples", "ntriples"),
]


@pytest.fixture(scope="module")
def reference(checkout: Path) -> Reference:
    return Reference.of_content(checkout)


@pytest.fixture
def client(service: Service, client_of: Callable[..., Any], reference: Reference) -> Any:
    return client_of(create_app(replace(service, reference=reference)))


def _quads(response: Any, form: str) -> list[Quad]:
    return list(parse_text(response.text, form))


def test_a_browser_gets_every_class_and_property_in_both_languages(client: Any) -> None:
    response = client.get("/ontology", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert response.headers["content-type"].startswith("text/html")
    assert 'id="Duty"' in response.text
    assert '<span lang="zh">公共机构</span>' in response.text
    assert '<span lang="en">Public body</span>' in response.text
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(("media_type", "form"), FORMATS)
def test_a_program_gets_the_ontology_in_the_format_it_asks_for(
    client: Any, reference: Reference, media_type: str, form: str
) -> None:
    response = client.get("/ontology", headers={"Accept": media_type})

    assert response.headers["content-type"].startswith(media_type)
    assert len(set(_quads(response, form))) == len(reference.merged)


@pytest.mark.parametrize(("media_type", "form"), FORMATS)
def test_a_term_is_dereferenceable_in_every_format(client: Any, media_type: str, form: str) -> None:
    response = client.get("/ontology/Duty", headers={"Accept": media_type})

    subjects = {quad.subject for quad in _quads(response, form)}
    assert subjects == {IRI(EM + "Duty")}


def test_the_page_of_a_class_says_what_it_means_and_where_it_is_used(client: Any) -> None:
    text = client.get("/ontology/PublicBody", headers={"Accept": "text/html"}).text

    assert '<a href="/ontology/CoordinatingBody">' in text
    assert '<a href="/ontology/partOfBody">' in text
    assert '<a href="http://www.w3.org/ns/org#Organization">' in text
    assert "有名称、层级和存续期" in text


def test_the_page_of_a_property_names_domain_and_range(client: Any) -> None:
    text = client.get("/ontology/within", headers={"Accept": "text/html"}).text

    assert "定义域 domain" in text
    assert '<a href="/ontology/Division">' in text
    assert '<a href="/ontology/contains">' in text


def test_a_module_has_a_page_and_its_own_rdf(client: Any) -> None:
    page = client.get("/ontology/law", headers={"Accept": "text/html"})
    rdf = client.get("/ontology/law", params={"format": "turtle"})

    assert 'href="/code/modality/duty"' in page.text
    assert IRI("https://w3id.org/emkg/ontology/law") in {quad.subject for quad in _quads(rdf, "turtle")}


@pytest.mark.parametrize("path", ["0.1.0", "law/0.1.0"])
def test_a_version_iri_leads_to_the_version_in_use(client: Any, path: str) -> None:
    response = client.get(f"/ontology/{path}", params={"format": "turtle"})

    assert f"<https://w3id.org/emkg/ontology/{path}>" in response.text


@pytest.mark.parametrize("path", ["0.0.9", "law/0.0.9", "lawn/0.1.0"])
def test_a_version_that_is_not_held_is_not_found(client: Any, path: str) -> None:
    response = client.get(f"/ontology/{path}")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_the_page_of_a_term_lists_its_alignments(client: Any) -> None:
    text = client.get("/ontology/PublicBody", headers={"Accept": "text/html"}).text

    assert '<a href="http://data.europa.eu/m8g/PublicOrganisation">' in text
    assert "skos:closeMatch" in text


def test_the_format_can_be_named_in_the_address(client: Any) -> None:
    response = client.get("/ontology/Duty", params={"format": "ntriples"}, headers={"Accept": "text/html"})

    assert response.headers["content-type"] == "application/n-triples"


def test_an_unknown_format_is_a_problem(client: Any) -> None:
    response = client.get("/ontology/Duty", params={"format": "docx"})

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


def test_what_is_acceptable_in_no_format_is_said(client: Any) -> None:
    response = client.get("/ontology", headers={"Accept": "image/png"})

    assert response.status_code == 406
    assert "text/turtle" in response.json()["detail"]


def test_a_misspelt_term_is_not_found_and_the_meant_one_is_proposed(client: Any) -> None:
    response = client.get("/ontology/Dutty")

    assert response.status_code == 404
    assert "did you mean Duty" in response.json()["detail"]


def test_a_thing_is_shown_with_labels_links_and_what_mentions_it(client: Any) -> None:
    response = client.get("/id/event/e1", headers={"Accept": "text/html"})

    assert '<a href="/ontology/eventType">' in response.text
    assert (
        '<a href="/code/event/haze"><code>code:event/haze</code></a> <span lang="zh">霾</span>'
        in response.text
    )
    assert "数据由程序生成" in response.text
    assert response.headers["emkg-generation"] == "1"


def test_what_mentions_a_thing_is_listed(client: Any) -> None:
    text = client.get("/code/event/haze", headers={"Accept": "text/html"}).text

    assert '<a href="/code/duty/a-9">' in text
    assert '<a href="/id/event/e1">' in text


def test_a_chinese_address_works_as_browsers_send_it(client: Any) -> None:
    response = client.get("/code/office/环保局", headers={"Accept": "text/html"})

    assert response.status_code == 200
    assert '<a href="/code/duty/a-9">' in response.text


def test_a_thing_as_rdf_holds_what_the_ledger_says(client: Any) -> None:
    quads = _quads(client.get("/id/event/e1", headers={"Accept": "text/turtle"}), "turtle")

    said = {(quad.predicate.value, quad.object) for quad in quads}
    assert (RDF_TYPE, IRI(EM + "Event")) in said
    assert (EM + "startDate", Literal("2024-12-01", "http://www.w3.org/2001/XMLSchema#date")) in said


def test_a_code_that_only_the_modules_know_is_shown(client: Any) -> None:
    text = client.get("/code/grade/1", headers={"Accept": "text/html"}).text

    assert "一级（红色）" in text
    assert "本体模块" in text


def test_nothing_is_shown_of_what_nobody_speaks_of(client: Any) -> None:
    response = client.get("/id/event/nobody")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_an_address_that_is_no_iri_is_a_problem(client: Any) -> None:
    response = client.get("/id/<script>alert(1)</script>")

    assert response.status_code in {400, 404}
    assert response.headers["content-type"] == "application/problem+json"


def test_text_of_the_data_is_no_html_and_no_script_is_linked(reference: Reference) -> None:
    said = (
        Said("https://example.org/g", EM + "note", Literal("<script>alert(1)</script>")),
        Said("https://example.org/g", EM + "note", IRI("javascript:alert(1)")),
    )
    thing = Thing("https://w3id.org/emkg/id/x", said, (), False, {}, 1)

    html = bytes(thing_page(thing, reference).body).decode()

    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_page_says_that_more_mentions_exist_than_it_shows(reference: Reference) -> None:
    mentions = (("https://w3id.org/emkg/id/a", EM + "body"),)
    thing = Thing("https://w3id.org/emkg/id/x", (), mentions, True, {}, 1)

    assert "There are more" in bytes(thing_page(thing, reference).body).decode()
