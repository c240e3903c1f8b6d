"""Places in files as a reader is shown them: from the folder of the content on, whatever machine this is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emkg.content import content_root

if TYPE_CHECKING:
    from emkg.errors import Location


def shown(place: Location | str) -> str:
    """`mappings/fire/incident.yml:41`: relative to the packaged content or the current folder, where it is below."""
    text = str(place)
    for root in (content_root(), Path.cwd()):
        text = text.removeprefix(f"{root}/")
    return text
