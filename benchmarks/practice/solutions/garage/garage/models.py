from dataclasses import dataclass


@dataclass
class Car:
    plate: str
    kind: str
