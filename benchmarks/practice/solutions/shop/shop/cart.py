"""A cart of products."""

from shop.models import Line


class Cart:
    def __init__(self):
        self.products = {}
        self.quantities = {}

    def add(self, product, quantity=1):
        if quantity < 1:
            raise ValueError("quantity below 1")
        self.products[product.sku] = product
        self.quantities[product.sku] = self.quantities.get(product.sku, 0) + quantity

    def remove(self, sku):
        del self.quantities[sku], self.products[sku]

    def quantity(self, sku):
        return self.quantities[sku]

    def lines(self):
        return [Line(sku, quantity) for sku, quantity in self.quantities.items()]

    def total(self, discount=0):
        if not 0 <= discount <= 100:
            raise ValueError("a discount is a percentage from 0 to 100")
        full = sum(self.products[sku].price * quantity for sku, quantity in self.quantities.items())
        return round(full * (100 - discount) / 100)
