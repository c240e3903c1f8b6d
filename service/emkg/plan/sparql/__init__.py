"""SPARQL 1.1 text to algebra."""

from emkg.plan.sparql.parser import parse_query, parse_update

__all__ = ["parse_query", "parse_update"]
