"""The functions that mappings may call, vectorised."""
