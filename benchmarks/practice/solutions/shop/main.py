"""A shop in shop.db."""

import sys

from shop.cart import Cart
from shop.models import Product
from shop.store import Store


def run(words):
    store = Store("shop.db")
    action, *rest = words
    if action == "add":
        sku, name, price = rest
        store.add_product(Product(sku, name, int(price)))
    elif action == "price":
        print(f"{store.product(rest[0]).price / 100:.2f}")
    elif action == "order":
        cart = Cart()
        for word in rest:
            sku, _, quantity = word.partition("=")
            cart.add(store.product(sku), int(quantity))
        print(f"order {store.place(cart)}: {cart.total() / 100:.2f}")
    elif action == "show":
        for line in store.order(int(rest[0])):
            print(f"{line.sku} x {line.quantity}")
    else:
        raise ValueError(f"unknown command {action}")


def main() -> int:
    try:
        run(sys.argv[1:])
    except (KeyError, ValueError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
