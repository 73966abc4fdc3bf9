"""Configuration files of sections, keys and values."""


def load(text):
    data = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and line[-1] == "]":
            section = line[1:-1].strip()
            data.setdefault(section, {})
        elif "=" in line:
            key, value = line.split("=", 1)
            data.setdefault(section, {})[key.strip()] = value.strip()
        else:
            raise ValueError(f"line {number} is malformed: {line}")
    return data


def dump(data):
    parts = []
    for section in sorted(data, key=lambda name: name != ""):
        lines = [f"[{section}]"] if section else []
        lines += [f"{key} = {value}" for key, value in data[section].items()]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
