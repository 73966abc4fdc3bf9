"""Measures the factory: tasks with black-box checks, a single-prompt baseline, HumanEval."""
