"""Links, trees and permissions."""


def reachable(links, start):
    """Names that can be reached over links (from, to), sorted; the start is one of them."""
    found = {start}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for source, target in links:
            if source == here and target not in found:
                found.add(target)
                waiting.append(target)
    return sorted(found)


def test_reachable():
    assert reachable([("a", "b"), ("b", "c"), ("d", "a")], "a") == ["a", "b", "c"]
    assert reachable([], "x") == ["x"]
    assert reachable([("a", "a")], "a") == ["a"]
    assert reachable([("a", "b"), ("b", "a")], "b") == ["a", "b"]


def build_order(needs):
    """Order in which parts can be built, names sorted within a step; None when they need each other."""
    order = []
    left = dict(needs)
    while left:
        ready = sorted(name for name, others in left.items() if all(other in order for other in others))
        if not ready:
            return None
        order += ready
        for name in ready:
            del left[name]
    return order


def test_build_order():
    assert build_order({"app": ["lib"], "lib": []}) == ["lib", "app"]
    assert build_order({"a": ["b"], "b": ["a"]}) is None
    assert build_order({}) == []
    assert build_order({"c": [], "b": [], "a": ["c"]}) == ["b", "c", "a"]


def folder_sizes(files):
    """Size of each folder with all that is below it; files are paths with slashes and sizes."""
    sizes = {}
    for path, size in files:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            sizes[folder] = sizes.get(folder, 0) + size
    return sizes


def test_folder_sizes():
    assert folder_sizes([("a/b/x", 3), ("a/y", 4)]) == {"a": 7, "a/b": 3}
    assert folder_sizes([("x", 5)]) == {}
    assert folder_sizes([("a/x", 1), ("a/z", 2)]) == {"a": 3}


def tree_depth(parents, node):
    """Steps from a node up to the root, which has no parent."""
    depth = 0
    while node in parents:
        node = parents[node]
        depth += 1
    return depth


def test_tree_depth():
    assert tree_depth({"leaf": "twig", "twig": "root"}, "leaf") == 2
    assert tree_depth({"leaf": "root"}, "root") == 0
    assert tree_depth({"b": "a"}, "b") == 1


def may_access(rules, user, path):
    """Whether the longest rule whose prefix a path begins with allows a user; without a rule nobody may."""
    best = ""
    allowed = False
    for prefix, users in rules.items():
        if path.startswith(prefix) and len(prefix) > len(best):
            best = prefix
            allowed = user in users
    return allowed


def test_may_access():
    rules = {"/docs": ["ann", "bob"], "/docs/secret": ["ann"]}
    assert may_access(rules, "bob", "/docs/a") is True
    assert may_access(rules, "bob", "/docs/secret/b") is False
    assert may_access(rules, "ann", "/docs/secret/b") is True
    assert may_access(rules, "ann", "/home") is False


def retry_delays(tries, first, longest):
    """Seconds to wait after each failed try but the last: twice as long each time, up to the longest."""
    delays = []
    delay = first
    for _ in range(tries - 1):
        delays.append(min(delay, longest))
        delay *= 2
    return delays


def test_retry_delays():
    assert retry_delays(4, 1, 60) == [1, 2, 4]
    assert retry_delays(5, 10, 30) == [10, 20, 30, 30]
    assert retry_delays(1, 5, 30) == []


def mutual_friends(pairs, first, second):
    """Names that are friends of both, sorted; a pair makes two names friends of each other."""
    friends = {}
    for a, b in pairs:
        friends.setdefault(a, set()).add(b)
        friends.setdefault(b, set()).add(a)
    return sorted(friends.get(first, set()) & friends.get(second, set()))


def test_mutual_friends():
    pairs = [("ann", "bob"), ("bob", "cid"), ("dan", "ann"), ("cid", "dan")]
    assert mutual_friends(pairs, "ann", "cid") == ["bob", "dan"]
    assert mutual_friends(pairs, "ann", "bob") == []
    assert mutual_friends(pairs, "ann", "eve") == []


def elect(votes):
    """Name with more than half of the votes; None where nobody has."""
    counts = {}
    for name in votes:
        counts[name] = counts.get(name, 0) + 1
    for name, count in counts.items():
        if count * 2 > len(votes):
            return name
    return None


def test_elect():
    assert elect(["a", "b", "a"]) == "a"
    assert elect(["a", "b"]) is None
    assert elect([]) is None
    assert elect(["x", "y", "y", "y"]) == "y"


def cache_hits(requests, size):
    """Hits of a cache that forgets what was asked for longest ago."""
    kept = []
    hits = 0
    for name in requests:
        if name in kept:
            hits += 1
            kept.remove(name)
        elif len(kept) >= size:
            kept.pop(0)
        kept.append(name)
    return hits


def test_cache_hits():
    assert cache_hits(["a", "b", "a"], 2) == 1
    assert cache_hits(["a", "b", "c", "a"], 2) == 0
    assert cache_hits(["a", "b", "a", "c", "a"], 2) == 2
    assert cache_hits([], 2) == 0
