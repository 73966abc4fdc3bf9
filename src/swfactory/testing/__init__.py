"""Public fakes and contract suites for people who write their own roles, graphs and adapters."""
