"""Language tags as a mapping may state them."""

from __future__ import annotations

import re

# BCP 47 would let a primary subtag have up to eight letters, but none longer than three is registered
# ("english" is a name, not a tag), so those are refused as the RML suite demands.
_TAG = re.compile(r"(?:[A-Za-z]{2,3}|[xXiI](?=-))(?:-[A-Za-z0-9]{1,8})*")


def is_language_tag(text: str) -> bool:
    """Whether the text is a language tag, such as `zh`, `zh-Hans-CN` or `x-local`."""
    return _TAG.fullmatch(text) is not None
