"""The datasets of a workspace: one for each mapping file, the ontology's modules, and the datasets' catalogue entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.errors import NotFoundError
from emkg.pipeline.dataset import Dataset, GatePolicy
from emkg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

ONTOLOGY: Final = "ontology/modules"
REFERENCE: Final = "reference"
ENTRIES: Final = "catalogue/entries"
_ENTRY_SUFFIX: Final = ".entry.ttl"
# Examples on public records; they belong to no city.
_NOT_THE_CITY: Final = frozenset({"real"})
_SUFFIXES: Final = (".rml.ttl", ".yaml", ".yml")


def discover_datasets(
    root: Path,
    *,
    policy_of: Callable[[str], GatePolicy] = lambda _: GatePolicy(),
    departments: Sequence[str] = (),
) -> tuple[Dataset, ...]:
    """The datasets of a folder that holds ontology/ and mappings/<department>/<dataset>.yml (or .rml.ttl).

    What mappings/<department>/<dataset>.entry.ttl say of the datasets is one more, the catalogue.

    The ontology comes first, then the reference data, then the departments, each by name; so a shape that asks
    what a value is finds the answer in the ledger. Ontology and reference data are not judged at every ingest.
    `mappings/real` is left out unless `departments` names it.

    Args:
        root: The workspace, or the packaged content.
        policy_of: What becomes of the nodes at fault of a department's dataset, by its name.
        departments: Only these; all of the city's when empty.
    """
    modules = tuple(sorted((root / "ontology").glob("*.ttl")))
    found = [
        _mapped(path, policy_of) for path in sorted((root / "mappings").glob("*/*")) if _is_mapping(path)
    ]
    if modules:
        found.append(Dataset(ONTOLOGY, GRAPH + "ontology", rdf_files=modules, policy=None))
    entries = tuple(sorted((root / "mappings").glob(f"*/*{_ENTRY_SUFFIX}")))
    if entries:
        found.append(Dataset(ENTRIES, GRAPH + "catalogue", rdf_files=entries, policy=policy_of(ENTRIES)))
    chosen = (one for one in found if _is_chosen(one.department, departments))
    return tuple(sorted(chosen, key=_order))


def select_datasets(datasets: Iterable[Dataset], names: Sequence[str]) -> tuple[Dataset, ...]:
    """The datasets of these names or departments, in the order they had; all when no name is given.

    Raises:
        NotFoundError: There is none of a name.
    """
    known = tuple(datasets)
    for name in names:
        if not any(name in {one.name, one.department} for one in known):
            raise NotFoundError(
                f"there is no dataset {name}; known: {', '.join(one.name for one in known)}",
                message_zh=f"没有名为 {name} 的数据集",
            )
    return tuple(one for one in known if not names or one.name in names or one.department in names)


def _is_mapping(path: Path) -> bool:
    return path.is_file() and path.name.endswith(_SUFFIXES)


def _mapped(path: Path, policy_of: Callable[[str], GatePolicy]) -> Dataset:
    suffix = next(one for one in _SUFFIXES if path.name.endswith(one))
    name = f"{path.parent.name}/{path.name.removesuffix(suffix)}"
    own_policy = None if path.parent.name == REFERENCE else policy_of(name)
    return Dataset(name, GRAPH + name, mapping=path, policy=own_policy)


def _is_chosen(department: str, departments: Sequence[str]) -> bool:
    return department in departments if departments else department not in _NOT_THE_CITY


def _order(dataset: Dataset) -> tuple[int, str]:
    first = (ONTOLOGY.partition("/")[0], REFERENCE)
    return (first.index(dataset.department) if dataset.department in first else len(first), dataset.name)
