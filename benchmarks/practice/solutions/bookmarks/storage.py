"""书签的存储。"""

import json
from pathlib import Path

FILE = Path("bookmarks.json")


def load():
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"next": 1, "items": {}}


def save(data):
    FILE.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")


def add(url, title, tags):
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"网址无效：{url}")
    data = load()
    number = data["next"]
    data["items"][str(number)] = {"url": url, "title": title, "tags": sorted(set(tags))}
    data["next"] = number + 1
    save(data)
    return number


def remove(number):
    data = load()
    if number not in data["items"]:
        raise ValueError(f"编号不存在：{number}")
    del data["items"][number]
    save(data)


def items(test):
    return [(number, item) for number, item in load()["items"].items() if test(item)]
