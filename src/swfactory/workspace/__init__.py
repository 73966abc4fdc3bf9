"""Where products and documents are kept."""
