"""把房间和预订保存在 JSON 文件里。"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rooms.models import Booking


class Store:
    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self.rooms: dict[str, int] = {}
        self.bookings: dict[int, Booking] = {}
        self.last = 0
        if self._path.exists():
            data = json.loads(self._path.read_text(encoding="utf-8"))
            self.rooms, self.last = data["rooms"], data["last"]
            for entry in data["bookings"]:
                times = {key: datetime.fromisoformat(entry[key]) for key in ("start", "end")}
                self.bookings[entry["id"]] = Booking(**{**entry, **times})

    def save(self) -> None:
        data = {
            "rooms": self.rooms,
            "last": self.last,
            "bookings": [asdict(booking) for booking in self.bookings.values()],
        }
        text = json.dumps(data, ensure_ascii=False, indent=2, default=datetime.isoformat)
        self._path.write_text(text, encoding="utf-8")
