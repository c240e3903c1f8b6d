"""The command line: translates words into calls and values into text; decides nothing."""

from emkg.cli.main import main

__all__ = ["main"]
