"""Equality of datasets whatever their blank nodes are called: RDF Dataset Canonicalization (RDFC-1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from emkg.rdf.oxigraph import LanguageTags, TermReader, to_oxigraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.rdf.term import Quad


def canonical(quads: Iterable[Quad]) -> tuple[str, ...]:
    """The canonical N-Quads lines, sorted, without duplicates; equal for isomorphic datasets and only for those.

    Lexical forms are compared as written, language tags without regard to case (they come out in lower case).
    The time can grow exponentially with blank nodes that nothing tells apart; meant for tests and samples.
    See https://www.w3.org/TR/rdf-canon/.
    """
    dataset = ox.Dataset(to_oxigraph(quads, lenient=True))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    reader = TermReader(LanguageTags())
    return tuple(sorted(str(reader.quad(quad)) for quad in dataset))


def is_isomorphic(a: Iterable[Quad], b: Iterable[Quad]) -> bool:
    """Whether the two datasets are the same but for the labels of their blank nodes."""
    return canonical(a) == canonical(b)
