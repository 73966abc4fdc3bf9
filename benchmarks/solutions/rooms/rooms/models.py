"""预订。"""

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Booking:
    id: int
    room: str
    title: str
    start: datetime
    end: datetime
