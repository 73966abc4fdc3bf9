"""What can go wrong."""


class ValidationError(ValueError):
    """Data that does not meet its description; ``errors`` has a (path, message) pair for each problem."""

    def __init__(self, errors):
        super().__init__("\n".join(f"{path}: {message}" for path, message in errors))
        self.errors = errors


class SchemaError(ValueError):
    """A description that makes no sense."""
