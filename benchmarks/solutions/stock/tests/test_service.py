from pathlib import Path

import pytest
from stock.errors import OutOfStock
from stock.service import Inventory


def test_first_in_first_out(tmp_path: Path) -> None:
    inventory = Inventory(str(tmp_path / "s.db"))
    inventory.add_item("A", "Bolt")
    inventory.receive("A", 10, 2.0)
    inventory.receive("A", 5, 3.0)
    assert inventory.ship("A", 12) == 26.0
    assert inventory.value() == 9.0
    with pytest.raises(OutOfStock):
        inventory.ship("A", 4)
