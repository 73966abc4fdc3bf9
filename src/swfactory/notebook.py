"""Runs as rich output in Jupyter."""
