"""The demonstration city: what six departments would export in a severe-haze week, with known faults in it."""

from __future__ import annotations

from emkg.demonstration.city import City, generate_city
from emkg.demonstration.faults import FAULTS, Catcher, Fault, PlantedFault
from emkg.demonstration.story import Involvement, Story, tell_story

__all__ = [
    "FAULTS",
    "Catcher",
    "City",
    "Fault",
    "Involvement",
    "PlantedFault",
    "Story",
    "generate_city",
    "tell_story",
]
