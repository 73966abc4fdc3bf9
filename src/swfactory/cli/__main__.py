"""``python -m swfactory.cli``."""

from swfactory.cli import main

main()
