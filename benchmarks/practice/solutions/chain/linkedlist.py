"""A singly linked list."""


class _Node:
    def __init__(self, item, next=None):
        self.item = item
        self.next = next


class LinkedList:
    def __init__(self, items=()):
        self._head = None
        self._length = 0
        for item in items:
            self.append(item)

    def __len__(self):
        return self._length

    def _nodes(self):
        node = self._head
        while node is not None:
            yield node
            node = node.next

    def __iter__(self):
        return (node.item for node in self._nodes())

    def __contains__(self, item):
        return any(other == item for other in self)

    def __eq__(self, other):
        return isinstance(other, LinkedList) and list(self) == list(other)

    __hash__ = None

    def _place(self, index):
        place = index + self._length if index < 0 else index
        if not 0 <= place < self._length:
            raise IndexError(index)
        return place

    def _node(self, place):
        for at, node in enumerate(self._nodes()):
            if at == place:
                return node

    def __getitem__(self, index):
        return self._node(self._place(index)).item

    def append(self, item):
        self.insert(self._length, item)

    def prepend(self, item):
        self.insert(0, item)

    def insert(self, index, item):
        place = min(max(index + self._length if index < 0 else index, 0), self._length)
        if place == 0:
            self._head = _Node(item, self._head)
        else:
            before = self._node(place - 1)
            before.next = _Node(item, before.next)
        self._length += 1

    def index(self, item):
        for at, other in enumerate(self):
            if other == item:
                return at
        raise ValueError(f"{item!r} is not there")

    def remove(self, item):
        self.pop(self.index(item))

    def pop(self, index=-1):
        place = self._place(index)
        node = self._node(place)
        if place == 0:
            self._head = node.next
        else:
            self._node(place - 1).next = node.next
        self._length -= 1
        return node.item

    def reverse(self):
        before, node = None, self._head
        while node is not None:
            node.next, before, node = before, node, node.next
        self._head = before

    def __str__(self):
        return " -> ".join(map(str, self))
