"""Program texts: written, read and changed without a model."""
