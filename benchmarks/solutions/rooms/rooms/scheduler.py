"""预订的规则。"""

from datetime import datetime

from rooms.models import Booking
from rooms.store import Store


class ConflictError(ValueError):
    """和已有的预订重叠。"""

    def __init__(self, booking: Booking) -> None:
        super().__init__(f"和“{booking.title}”冲突")
        self.booking = booking


class Scheduler:
    def __init__(self, path: str) -> None:
        self._store = Store(path)

    def add_room(self, name: str, seats: int) -> None:
        if name in self._store.rooms:
            raise ValueError(f"房间 {name} 已经存在")
        if seats < 1:
            raise ValueError(f"座位数 {seats} 不是正整数")
        self._store.rooms[name] = seats
        self._store.save()

    def book(self, room: str, title: str, start: datetime, end: datetime) -> Booking:
        if end <= start:
            raise ValueError("结束必须晚于开始")
        if clash := self._clash(room, start, end):
            raise ConflictError(clash)
        self._store.last += 1
        booking = Booking(self._store.last, room, title, start, end)
        self._store.bookings[booking.id] = booking
        self._store.save()
        return booking

    def cancel(self, id: int) -> None:
        del self._store.bookings[id]
        self._store.save()

    def agenda(self, room: str) -> list[Booking]:
        if room not in self._store.rooms:
            raise KeyError(room)
        return sorted((b for b in self._store.bookings.values() if b.room == room), key=lambda b: b.start)

    def free(self, start: datetime, end: datetime, seats: int = 1) -> list[str]:
        if end <= start:
            raise ValueError("结束必须晚于开始")
        rooms = [
            (size, name)
            for name, size in self._store.rooms.items()
            if size >= seats and not self._clash(name, start, end)
        ]
        return [name for _, name in sorted(rooms)]

    def _clash(self, room: str, start: datetime, end: datetime) -> Booking | None:
        return next((b for b in self.agenda(room) if b.start < end and start < b.end), None)
