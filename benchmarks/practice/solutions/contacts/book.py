"""The contacts, in a file."""

import json
from pathlib import Path

FILE = Path("contacts.json")


def load():
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def save(contacts):
    FILE.write_text(json.dumps(contacts, ensure_ascii=False, indent=2), encoding="utf-8")


def add(name, phone, email):
    contacts = load()
    if name in contacts:
        raise ValueError(f"{name} is already there")
    contacts[name] = {"phone": phone, "email": email}
    save(contacts)


def get(name):
    return load()[name]


def names():
    return sorted(load(), key=str.casefold)


def find(text):
    text = text.casefold()
    found = load()
    return [n for n in names() if any(text in (v or "").casefold() for v in (n, *found[n].values()))]


def remove(name):
    contacts = load()
    del contacts[name]
    save(contacts)
