"""The composition root: builds adapters, compiles graphs, keeps runs."""
