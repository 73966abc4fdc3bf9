"""Products of several modules, of which a model writes what is not written already."""

import json

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from swfactory.domain.budget import Budget
from tests.graphs.conftest import fenced, kind, make_rig, plan, spec, team, text_of

TEXT = (
    "A package jar/ with coins.py (dataclass Coin: name, count), db.py (SQLite storage in jar.db) and jar.py (class "
    "Jar(path) with add_coin(coin), take(name, who), give_back(name, who), held(who)). An unknown name raises "
    "KeyError. Giving back what is not taken raises ValueError. main.py has the subcommands add NAME COUNT, take "
    "NAME WHO, return NAME WHO, held WHO (one name per line). Errors exit with status 1 and a message on stderr."
)
TABLES = {"tables": [{"name": "coins", "columns": ["name", "count"]}, {"name": "taken", "columns": ["coin_id", "who"]}]}
JAR = """\
from jar.db import connect


class Jar:
    def __init__(self, path):
        self.connection = connect(path)

    def add_coin(self, coin):
        self.connection.execute("INSERT INTO coins VALUES (?, ?)", (coin.name, coin.count))

    def take(self, name, who):
        self._check(name)
        self.connection.execute("INSERT INTO taken VALUES (?, ?)", (name, who))

    def give_back(self, name, who):
        self._check(name)
        if name not in self.held(who):
            raise ValueError(f"{who} has no {name}")
        self.connection.execute("DELETE FROM taken WHERE name = ? AND who = ?", (name, who))

    def held(self, who):
        rows = self.connection.execute("SELECT name FROM taken WHERE who = ? ORDER BY name", (who,))
        return [row["name"] for row in rows]

    def _check(self, name):
        if not self.connection.execute("SELECT 1 FROM coins WHERE name = ?", (name,)).fetchone():
            raise KeyError(f"unknown coin: {name}")
"""
FORGETFUL = JAR.replace(
    """        if name not in self.held(who):
            raise ValueError(f"{who} has no {name}")
""",
    "",
)
FILES = [{"path": f"jar/{name}.py"} for name in ("coins", "db", "jar")]
CRITERIA = ((1, "a package"), (2, "unknown names"), (3, "giving back"), (4, "commands"), (5, "errors"))


def script(**replies):
    sessions = json.dumps({"commands": ["python main.py add cent 3", "python main.py take cent ann"]})
    return team(spec=spec(*CRITERIA), design=plan(*FILES, {}), tables=json.dumps(TABLES), session=sessions, **replies)


async def test_around_a_class_that_keeps_a_database_nothing_else_is_asked_for(bubblewrap):
    rig = make_rig(script(code=fenced(JAR)), text=TEXT, sandbox=bubblewrap)
    await rig.deliver()
    assert rig.state["outcome"] == "delivered"
    assert all("Complete jar/jar.py" in text_of(request) for request in rig.asked("code"))
    assert len(rig.asked("tables")) == 4
    assert "taken (name TEXT, who TEXT)" in rig.tree["jar/db.py"]
    assert "jar.add_coin(Coin(name, count))" in rig.tree["main.py"]
    assert "subject.give_back('c', 'c')" in rig.tree["tests/test_interface.py"]


async def test_what_is_mended_is_what_a_model_wrote(bubblewrap):
    answers = script(code=fenced(FORGETFUL), infill="", repair=fenced(JAR))
    rig = make_rig(answers, text=TEXT, sandbox=bubblewrap, gates=frozenset({"release"}), budget=Budget(max_rounds=1))
    rig.saver = InMemorySaver()
    await rig.deliver()
    await rig.deliver(Command(resume={"decision": "reject", "comment": "what is not taken can be given back"}))
    await rig.deliver(Command(resume={"decision": "approve"}))
    assert rig.state["outcome"] == "delivered"
    assert {"infill", "repair"} <= {kind(request) for request in rig.model.requests}
    assert "def connect(path=FILE)" not in text_of(rig.asked("repair")[0])
    assert "raise ValueError" in rig.tree["jar/jar.py"]
