"""Use cases over the whole way: only this package knows the order of the stages."""
