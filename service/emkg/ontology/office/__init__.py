"""Wordings of statutes become offices: a grammar, its tables, and whom each wording names."""
