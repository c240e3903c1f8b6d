"""Use cases over the whole way: only this package knows the order of the stages.

Its names are imported from its modules: to run a mapping needs neither reasoning nor SHACL.
"""
