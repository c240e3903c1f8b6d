"""The demonstration city: what six departments would export in a severe-haze week, with known faults in it."""

from __future__ import annotations

from .city import City, generate_city
from .faults import FAULTS, Catcher, Fault, PlantedFault

__all__ = ["FAULTS", "Catcher", "City", "Fault", "PlantedFault", "generate_city"]
