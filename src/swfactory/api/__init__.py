"""The factory over HTTP."""
