"""The HTTP service: SPARQL, the named questions as REST, problems as documents. It translates and never decides."""

from emkg.api.app import create_app
from emkg.api.service import Service, SparqlEvaluator

__all__ = ["Service", "SparqlEvaluator", "create_app"]
