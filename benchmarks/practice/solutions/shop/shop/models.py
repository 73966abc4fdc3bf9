"""What is sold and ordered."""

from dataclasses import dataclass


@dataclass
class Product:
    sku: str
    name: str
    price: int

    def __post_init__(self):
        if self.price < 0:
            raise ValueError("negative price")


@dataclass
class Line:
    sku: str
    quantity: int

    def __post_init__(self):
        if self.quantity < 1:
            raise ValueError("quantity below 1")
