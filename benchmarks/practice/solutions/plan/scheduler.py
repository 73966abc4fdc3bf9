"""Plans of tasks that need each other."""


class Scheduler:
    def __init__(self):
        self.durations = {}
        self.needs = {}

    def add(self, name, duration, needs=()):
        if name in self.durations:
            raise ValueError(f"{name} is there already")
        if duration <= 0:
            raise ValueError("a duration is positive")
        self.durations[name] = duration
        self.needs[name] = list(needs)

    def order(self):
        for needs in self.needs.values():
            for need in needs:
                if need not in self.durations:
                    raise KeyError(need)
        done = []
        while len(done) < len(self.durations):
            ready = [
                name for name in self.durations if name not in done and all(need in done for need in self.needs[name])
            ]
            if not ready:
                raise ValueError("cycle")
            done.append(min(ready))
        return done

    def _starts(self):
        starts = {}
        for name in self.order():
            starts[name] = max((starts[need] + self.durations[need] for need in self.needs[name]), default=0)
        return starts

    def start(self, name):
        return self._starts()[name]

    def finish(self):
        return max((start + self.durations[name] for name, start in self._starts().items()), default=0)

    def critical_path(self):
        starts = self._starts()
        path = []
        rest = sorted(starts)
        while rest:
            path.append(max(rest, key=lambda name: starts[name] + self.durations[name]))
            rest = sorted(self.needs[path[-1]])
        return path[::-1]
