"""YARRRML to the mapping model, every fault at its line and column."""
