"""前缀树。"""


class _Node:
    __slots__ = ("children", "weight")

    def __init__(self):
        self.children = {}
        self.weight = 0  # 0 表示此处不是单词


class Trie:
    """带权重的单词集合，可按前缀查找。"""

    def __init__(self):
        self._root = _Node()
        self._size = 0

    def insert(self, word, weight=1):
        if not word:
            raise ValueError("单词不能为空")
        if weight < 1:
            raise ValueError(f"权重不能小于 1：{weight}")
        node = self._root
        for char in word:
            node = node.children.setdefault(char, _Node())
        if not node.weight:
            self._size += 1
        node.weight += weight

    def remove(self, word):
        path = [self._root]
        for char in word:
            if char not in path[-1].children:
                raise KeyError(word)
            path.append(path[-1].children[char])
        if not path[-1].weight:
            raise KeyError(word)
        path[-1].weight = 0
        self._size -= 1
        for parent, char in zip(reversed(path[:-1]), reversed(word)):
            child = parent.children[char]
            if child.weight or child.children:
                break
            del parent.children[char]

    def weight(self, word):
        node = self._find(word)
        return node.weight if node else 0

    def starts_with(self, prefix, limit=None):
        """以 prefix 开头的单词，按权重从大到小，再按字典序。"""
        if limit is not None and limit < 1:
            raise ValueError(f"limit 不能小于 1：{limit}")
        found = sorted(self._walk(prefix), key=lambda pair: (-pair[1], pair[0]))
        return [word for word, _ in found[:limit]]

    def longest_prefix(self, text):
        """text 开头处最长的单词，没有时为空字符串。"""
        node, longest = self._root, 0
        for length, char in enumerate(text, 1):
            node = node.children.get(char)
            if node is None:
                break
            if node.weight:
                longest = length
        return text[:longest]

    def __len__(self):
        return self._size

    def __contains__(self, word):
        return self.weight(word) > 0

    def __iter__(self):
        return (word for word, _ in self._walk(""))

    def _find(self, prefix):
        node = self._root
        for char in prefix:
            node = node.children.get(char)
            if node is None:
                return None
        return node

    def _walk(self, prefix):
        start = self._find(prefix)
        stack = [(prefix, start)] if start else []
        while stack:
            word, node = stack.pop()
            if node.weight:
                yield word, node.weight
            stack.extend((word + char, node.children[char]) for char in sorted(node.children, reverse=True))
