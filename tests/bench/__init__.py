"""`make bench`: EMKG measured side by side with its peers, in one session, run about; see docs/benchmarks.md."""
