from datetime import datetime
from pathlib import Path

import pytest
from rooms.scheduler import ConflictError, Scheduler


def test_conflict(tmp_path: Path) -> None:
    scheduler = Scheduler(str(tmp_path / "rooms.json"))
    scheduler.add_room("长城", 8)
    nine, ten, noon = (datetime(2024, 3, 5, hour) for hour in (9, 10, 12))
    scheduler.book("长城", "周会", nine, ten)
    scheduler.book("长城", "面试", ten, noon)
    with pytest.raises(ConflictError):
        scheduler.book("长城", "又一个", nine, noon)
