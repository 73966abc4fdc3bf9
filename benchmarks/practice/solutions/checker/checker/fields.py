"""Fields check values and report all that is wrong with them."""

from checker.errors import ValidationError


class Field:
    """Base of all fields; subclasses have a name for their type."""

    name = ""

    def errors(self, value, path="$"):
        """Return a list of (path, message) pairs."""
        if not self._fits(value):
            return [(path, f"expected {self.name}")]
        return list(self._problems(value, path))

    def validate(self, value):
        """Raise ValidationError when something is wrong."""
        if errors := self.errors(value):
            raise ValidationError(errors)

    def _fits(self, value):
        raise NotImplementedError

    def _problems(self, value, path):
        return ()


class Text(Field):
    name = "text"

    def __init__(self, min_length=0, max_length=None, choices=None):
        self.min_length, self.max_length, self.choices = min_length, max_length, choices

    def _fits(self, value):
        return isinstance(value, str)

    def _problems(self, value, path):
        if len(value) < self.min_length:
            yield path, f"shorter than {self.min_length}"
        if self.max_length is not None and len(value) > self.max_length:
            yield path, f"longer than {self.max_length}"
        if self.choices is not None and value not in self.choices:
            yield path, f"not one of {', '.join(self.choices)}"


class Number(Field):
    def __init__(self, minimum=None, maximum=None, integer=False):
        self.minimum, self.maximum, self.integer = minimum, maximum, integer
        self.name = "integer" if integer else "number"

    def _fits(self, value):
        return isinstance(value, int if self.integer else (int, float)) and not isinstance(value, bool)

    def _problems(self, value, path):
        if self.minimum is not None and value < self.minimum:
            yield path, f"less than {self.minimum}"
        if self.maximum is not None and value > self.maximum:
            yield path, f"greater than {self.maximum}"


class Flag(Field):
    name = "flag"

    def _fits(self, value):
        return isinstance(value, bool)


class ListOf(Field):
    name = "list"

    def __init__(self, item, min_items=0):
        self.item, self.min_items = item, min_items

    def _fits(self, value):
        return isinstance(value, list)

    def _problems(self, value, path):
        if len(value) < self.min_items:
            yield path, f"fewer than {self.min_items} items"
        for index, item in enumerate(value):
            yield from self.item.errors(item, f"{path}[{index}]")


class Record(Field):
    name = "record"

    def __init__(self, required, optional={}):
        self.required, self.optional = dict(required), dict(optional)

    def _fits(self, value):
        return isinstance(value, dict)

    def _problems(self, value, path):
        for name, field in self.required.items():
            if name in value:
                yield from field.errors(value[name], f"{path}.{name}")
            else:
                yield f"{path}.{name}", "missing"
        for name, field in self.optional.items():
            if name in value and name not in self.required:
                yield from field.errors(value[name], f"{path}.{name}")
        for name in value:
            if name not in self.required and name not in self.optional:
                yield f"{path}.{name}", "unknown"
