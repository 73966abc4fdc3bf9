"""并查集。"""


class DisjointSet:
    """把元素分成互不相交的组，可以合并组。"""

    def __init__(self, items=()):
        self._parent = {}
        self._size = {}
        self.count = 0
        for item in items:
            self.add(item)

    def add(self, item):
        if item not in self._parent:
            self._parent[item] = item
            self._size[item] = 1
            self.count += 1

    def find(self, item):
        """返回该组的代表元素。"""
        root = item
        while self._parent[root] != root:
            root = self._parent[root]
        while item != root:
            self._parent[item], item = root, self._parent[item]
        return root

    def union(self, a, b):
        """合并两组；原来不同组时返回 True。"""
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self._size[a] < self._size[b]:
            a, b = b, a
        self._parent[b] = a
        self._size[a] += self._size.pop(b)
        self.count -= 1
        return True

    def connected(self, a, b):
        return self.find(a) == self.find(b)

    def size(self, item):
        return self._size[self.find(item)]

    def groups(self):
        """所有组，每组排好序，组之间按首个元素排序。"""
        members = {}
        for item in self._parent:
            members.setdefault(self.find(item), []).append(item)
        return sorted(sorted(group) for group in members.values())

    def __len__(self):
        return len(self._parent)

    def __contains__(self, item):
        return item in self._parent
