from ostrelle.measure import weight_text
from ostrelle.placard import fill, frame, stub_name


def address_label(customer: str, destination: str, kilograms: float) -> str:
    return frame([stub_name(customer), destination, weight_text(kilograms)], width=16)


def address_line(template: str, **values: object) -> str:
    return fill(template, values)
