"""An inventory with first in, first out costs."""
