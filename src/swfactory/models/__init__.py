"""Chat models behind model URLs."""
