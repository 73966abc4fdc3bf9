import pytest
from garage.service import Garage


def test_who_is_in(tmp_path):
    garage = Garage(tmp_path / "garage.db", places=1)
    garage.enter("A", "car")
    with pytest.raises(ValueError):
        garage.enter("B", "car")
    assert garage.leave("A") == 0
    assert garage.free() == 1
