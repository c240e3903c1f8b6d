"""One digest over everything a dataset's statements depend on, so that an unchanged dataset is not run again."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.errors import InputError, SourceError
from emkg.ledger import UsedFile
from emkg.mapping.demand import ref_objects
from emkg.mapping.function.plugin import function_packages
from emkg.mapping.model import Constant, FunctionCall, expressions_of, term_maps_of
from emkg.vocabulary import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.mapping import Mapping, TriplesMap
    from emkg.mapping.model import Expression

_CROSSWALK = FUNCTION + "crosswalk"
_KEY = FUNCTION + "key"
_KEY_DIGITS = 8  # enough to see a change, too few to try keys against


@dataclass(frozen=True)
class InputDigest:
    """The files that were read, and the digest over their contents and over what else decides the result."""

    files: tuple[UsedFile, ...]
    text: str


def digest_inputs(paths: Iterable[Path], *settings: str) -> InputDigest:
    """Hash files and settings; the order of the files does not matter.

    Raises:
        SourceError: A file is not there or cannot be read.
    """
    files = tuple(sorted({_used(path) for path in paths}, key=lambda file: (file.name, file.sha256)))
    whole = hashlib.sha256()
    for part in (*settings, *(text for file in files for text in (file.name, file.sha256))):
        whole.update(part.encode() + b"\0")
    return InputDigest(files, whole.hexdigest())


def files_of(mapping: Mapping) -> tuple[Path, ...]:
    """The mapping file, its sources that are files, and the crosswalks it translates by."""
    sources = [each.path for one in mapping.triples_maps for each in one.source.sources if not each.url]
    return (*definition_of(mapping), *sources)


def definition_of(mapping: Mapping) -> tuple[Path, ...]:
    """The mapping file and the crosswalks it translates by."""
    own = Path(mapping.path)
    crosswalks = [own.parent / name for one in mapping.triples_maps for name in _named(one, _CROSSWALK)]
    return (own, *crosswalks)


def surroundings_of(mapping: Mapping) -> tuple[str, ...]:
    """What statements depend on outside of files: the keys of pseudonyms, and the versions of packages with functions.

    Of a key it tells no more than whether it is another one.
    """
    variables = sorted({name for one in mapping.triples_maps for name in _named(one, _KEY)})
    keys = (hashlib.sha256(f"{name}\0{os.environ.get(name, '')}".encode()).hexdigest() for name in variables)
    return (*(key[:_KEY_DIGITS] for key in keys), *function_packages())


def _used(path: Path) -> UsedFile:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror}", message_zh=f"无法读取 {path}"
        ) from error
    # The folder tells two files of one name apart; where the workspace lies is nobody's business.
    return UsedFile(f"{path.parent.name}/{path.name}", digest)


def _named(triples_map: TriplesMap, parameter: str) -> Iterator[str]:
    """The constants that functions are given for a parameter."""
    for expression in _expressions(triples_map):
        for name, argument in _arguments(expression):
            if name == parameter and isinstance(argument, Constant):
                yield _text(argument)


def _text(constant: Constant) -> str:
    value = getattr(constant.term, "value", None)
    if not isinstance(value, str):
        raise InputError(f"{constant.term} names no crosswalk and no variable")
    return value


def _expressions(triples_map: TriplesMap) -> Iterator[Expression]:
    for term_map in term_maps_of(triples_map):
        yield from expressions_of(term_map)
    for ref in ref_objects(triples_map):
        for join in ref.joins:
            yield from (join.child, join.parent)


def _arguments(expression: Expression) -> Iterator[tuple[str, Expression]]:
    if isinstance(expression, FunctionCall):
        for name, argument in expression.arguments:
            yield name, argument
            yield from _arguments(argument)
