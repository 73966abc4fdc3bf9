"""Backends that run generated code where it can do no harm."""
