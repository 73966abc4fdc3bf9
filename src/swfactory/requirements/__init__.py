"""What a requirement says, read from its text without a model."""
