"""What a requirement says of functions and classes: their outline, calls that it shows, and calls that must raise."""
