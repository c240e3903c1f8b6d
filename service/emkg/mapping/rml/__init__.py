"""RML in Turtle to the mapping model, every fault at its line."""
