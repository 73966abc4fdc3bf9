"""The page: the factory in a browser."""
