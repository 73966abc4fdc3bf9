"""有限状态机。"""

from collections import deque

from fsm.errors import InvalidTransition, UnknownState


class Machine:
    """由状态、事件和转移组成的状态机。"""

    def __init__(self, initial):
        self._initial = initial
        self._state = initial
        self._moves = {initial: {}}
        self._listeners = []

    @property
    def state(self):
        return self._state

    def on(self, source, event, target):
        """添加一条转移。"""
        if event in self._moves.get(source, {}):
            raise ValueError(f"状态 {source} 的事件 {event} 已有转移")
        self._moves.setdefault(source, {})[event] = target
        self._moves.setdefault(target, {})

    def send(self, event):
        """执行转移，返回新状态。"""
        source = self._state
        if event not in self._moves[source]:
            raise InvalidTransition(f"状态 {source} 不接受事件 {event}")
        self._state = self._moves[source][event]
        for callback in self._listeners:
            callback(source, event, self._state)
        return self._state

    def events(self):
        return sorted(self._moves[self._state])

    def states(self):
        return sorted(self._moves)

    def reset(self):
        self._state = self._initial

    def listen(self, callback):
        self._listeners.append(callback)

    def reachable(self, start=None):
        """从 start 出发能到达的所有状态。"""
        return sorted(self._paths(self._initial if start is None else start))

    def path(self, target):
        """从当前状态到 target 的最短事件列表。"""
        self._check(target)
        return self._paths(self._state).get(target)

    def _paths(self, start):
        self._check(start)
        paths, queue = {start: []}, deque([start])
        while queue:
            source = queue.popleft()
            for event, target in sorted(self._moves[source].items()):
                if target not in paths:
                    paths[target] = [*paths[source], event]
                    queue.append(target)
        return paths

    def _check(self, state):
        if state not in self._moves:
            raise UnknownState(f"未知的状态 {state}")
