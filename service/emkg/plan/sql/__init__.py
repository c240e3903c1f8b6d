"""SPARQL algebra compiled to DuckDB SQL over the ledger's `quad` and `term`."""
