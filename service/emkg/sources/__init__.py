"""Source files of every format, read as relations of text cells with their row numbers."""
