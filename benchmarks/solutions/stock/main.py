"""The inventory on the command line."""

import argparse
import sys

from stock.errors import StockError
from stock.service import Inventory


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    shapes = {"add": "sku name", "receive": "sku quantity price", "ship": "sku quantity", "log": "sku"}
    for name in ("add", "receive", "ship", "list", "value", "low", "log"):
        command = commands.add_parser(name)
        for argument in shapes.get(name, "").split():
            command.add_argument(argument)
        if name == "add":
            command.add_argument("--min", type=int, default=0)
    return parser.parse_args()


def run(args: argparse.Namespace) -> None:
    inventory = Inventory("stock.db")
    match args.command:
        case "add":
            inventory.add_item(args.sku, args.name, args.min)
        case "receive":
            inventory.receive(args.sku, int(args.quantity), float(args.price))
        case "ship":
            print(f"{inventory.ship(args.sku, int(args.quantity)):.2f}")
        case "list":
            for row in inventory.rows():
                print(" | ".join(map(str, row)))
        case "value":
            print(f"{inventory.value():.2f}")
        case "low":
            for sku in inventory.low():
                print(sku)
        case "log":
            for quantity, price in inventory.movements(args.sku):
                print(f"{quantity:+d}" if price is None else f"{quantity:+d} @ {price:.2f}")


if __name__ == "__main__":
    try:
        run(arguments())
    except (StockError, ValueError) as exc:
        sys.exit(f"error: {exc}")
