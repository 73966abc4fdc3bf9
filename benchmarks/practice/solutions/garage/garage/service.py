"""Who is in the garage."""

import time

from .models import Car
from .storage import Storage


class Garage:
    def __init__(self, path, places=3):
        self._storage = Storage(path)
        self._places = places

    def enter(self, plate, kind):
        if self._storage.entered(plate) is not None:
            raise ValueError(f"{plate} is in the garage")
        if self.free() < 1:
            raise ValueError("the garage is full")
        self._storage.add(Car(plate, kind), time.time())

    def leave(self, plate):
        entered = self._storage.entered(plate)
        if entered is None:
            raise KeyError(plate)
        self._storage.remove(plate)
        return int((time.time() - entered) // 60)

    def parked(self):
        return [car.plate for car in self._storage.cars()]

    def free(self):
        return self._places - len(self._storage.cars())

    def find(self, text):
        text = text.casefold()
        return [car for car in self._storage.cars() if text in car.plate.casefold() or text in car.kind.casefold()]
