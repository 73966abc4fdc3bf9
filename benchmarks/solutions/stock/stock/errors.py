"""What can go wrong."""


class StockError(Exception):
    """Something that cannot be booked."""


class UnknownItem(StockError):
    """No item has that sku."""


class OutOfStock(StockError):
    """There is less on hand than was asked for."""
