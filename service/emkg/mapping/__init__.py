"""RML and YARRRML mappings: parsed into one model, compiled to relational plans, run."""
