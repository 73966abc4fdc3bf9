"""Common rules and formats of Ostrelle Freight.

Import from the modules: ``waymark`` (consignment references), ``coin`` (money), ``tariff`` (zones and fees),
``tides`` (business calendar), ``slate`` (record files), ``daybook`` (ledger), ``placard`` (labels),
``measure`` (weights) and ``errors``.
"""

__version__ = "2.3.0"
