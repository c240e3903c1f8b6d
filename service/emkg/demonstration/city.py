"""The whole demonstration city, written to a directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from emkg.demonstration.economy import write_economy
from emkg.demonstration.education import write_education
from emkg.demonstration.environment import write_environment
from emkg.demonstration.export import merge
from emkg.demonstration.health import write_health
from emkg.demonstration.organisation import write_organisation
from emkg.demonstration.police import write_police
from emkg.demonstration.setting import Setting
from emkg.demonstration.weather import write_weather

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.demonstration.faults import PlantedFault

SEED: Final = 20260101
START: Final = date(2026, 11, 16)


@dataclass(frozen=True)
class City:
    """What was written.

    Attributes:
        directory: Where it was written.
        files: The exports, relative to `directory`, in the order written.
        rows: Source rows by file.
        faults: Every planted fault with its place.
        event_key: The haze event's key, the last part of its IRI.
        start: The first day of the week.
    """

    directory: Path
    files: tuple[str, ...]
    rows: dict[str, int]
    faults: tuple[PlantedFault, ...]
    event_key: str
    start: date


def generate_city(directory: Path, *, scale: int = 1, seed: int = SEED, start: date = START) -> City:
    """Write six departments' exports of a severe-haze week and the city organisation register.

    The same arguments (and library versions: SQLite stamps its own) give the same bytes. `scale` multiplies
    stations, clinics, accidents, schools, enterprises and orders; the planted faults stay as many as the table
    says. Existing files of the same names are replaced.

    Raises:
        ValueError: `scale` is below 1.
    """
    if scale < 1:
        raise ValueError(f"the scale is a positive number, not {scale}")
    setting = Setting(seed=seed, scale=scale, start=start)
    writers = (write_environment, write_weather, write_health, write_police, write_education, write_economy)
    whole = merge([*(write(directory, setting) for write in writers), write_organisation(directory)])
    rows = dict(whole.rows)
    return City(directory, tuple(rows), rows, whole.faults, setting.event_key, start)
