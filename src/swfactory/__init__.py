"""swfactory: a software factory on your own machine.

A requirement goes in, a tested, documented git repository comes out.
"""

from swfactory._version import __version__

__all__ = ["__version__"]
