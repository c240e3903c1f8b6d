"""EMKG."""
