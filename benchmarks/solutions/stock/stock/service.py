"""The rules of the inventory."""

from stock.errors import OutOfStock, StockError, UnknownItem
from stock.store import Store


class Inventory:
    def __init__(self, path: str) -> None:
        self._store = Store(path)

    def add_item(self, sku: str, name: str, minimum: int = 0) -> None:
        if sku in self._store.items():
            raise StockError(f"{sku!r} exists already")
        self._store.add_item(sku, name, minimum)

    def receive(self, sku: str, quantity: int, price: float) -> None:
        self._check(sku, quantity)
        if price < 0:
            raise StockError(f"the price {price} is negative")
        self._store.move(sku, quantity, price)

    def ship(self, sku: str, quantity: int) -> float:
        self._check(sku, quantity)
        lots, cost, wanted = self._lots(sku), 0.0, quantity
        if quantity > sum(number for number, _ in lots):
            raise OutOfStock(f"there are only {self.on_hand(sku)} of {sku!r}")
        for number, price in lots:
            taken = min(number, wanted)
            cost += taken * price
            wanted -= taken
        self._store.move(sku, -quantity, None)
        return cost

    def on_hand(self, sku: str) -> int:
        return sum(number for number, _ in self._lots(sku))

    def value(self) -> float:
        return sum(number * price for sku in self._store.items() for number, price in self._lots(sku))

    def low(self) -> list[str]:
        return [sku for sku, (_, minimum) in self._store.items().items() if self.on_hand(sku) < minimum]

    def rows(self) -> list[tuple[str, str, int]]:
        return [(sku, name, self.on_hand(sku)) for sku, (name, _) in self._store.items().items()]

    def movements(self, sku: str) -> list[tuple[int, float | None]]:
        self._check(sku)
        return self._store.movements(sku)

    def _check(self, sku: str, quantity: int = 1) -> None:
        if sku not in self._store.items():
            raise UnknownItem(f"there is no item {sku!r}")
        if not isinstance(quantity, int) or quantity < 1:
            raise StockError(f"the quantity {quantity} is not a positive whole number")

    def _lots(self, sku: str) -> list[tuple[int, float]]:
        self._check(sku)
        lots: list[tuple[int, float]] = []
        for quantity, price in self._store.movements(sku):
            if price is not None:
                lots.append((quantity, price))
                continue
            wanted = -quantity
            while wanted:
                number, cost = lots.pop(0)
                if number > wanted:
                    lots.insert(0, (number - wanted, cost))
                wanted -= min(number, wanted)
        return lots
