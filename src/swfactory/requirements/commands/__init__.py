"""What a requirement says of a program's commands: how they are called, what they print, and how they end."""
