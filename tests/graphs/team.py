"""A team without a memory: what it answers depends on the question alone, so it serves runs that are killed."""

import json

from swfactory.config import Settings
from swfactory.domain.requirement import Requirement
from swfactory.testing.chat import ScriptedChatModel
from tests.graphs.conftest import GOOD, fenced, kind, plan, spec, team, text_of

PAUSE = 0.002
"""Seconds a word, which is what the model says it took: reports are the same each time."""

REQUIREMENT = Requirement.parse(
    "Write calc.py and main.py, a command-line calculator: `python main.py add 2 3` prints 5. "
    "Also `python main.py mul 2 3` prints 6. A value that is not a number exits with status 1."
)

CALC = "def compute(name, a, b):\n    return a + b if name == 'add' else a * b\n"
MAIN = GOOD.replace("import sys\n", "import sys\n\nfrom calc import compute\n").replace(
    'a + b if argv[0] == "add" else a * b', "compute(argv[0], a, b)"
)
FRAGILE = MAIN.replace("len(argv) != 3 or ", "")

ANSWERS = team(
    spec=spec((1, "add prints the sum"), (2, "mul prints the product"), (3, "what is no number is refused")),
    design=plan({"path": "main.py"}, {"path": "calc.py", "interface": ["compute(name, a, b)"]}),
    review=json.dumps({"commands": ["python main.py add"]}),
)


def answer(request) -> str:
    """Write calc.py wrongly and main.py fragile, so that there is a failure, then a crash, to repair."""
    name, content = kind(request), text_of(request)
    if name == "code":
        return fenced(CALC.replace("a + b", "a - b") if "complete file calc.py" in content else FRAGILE)
    if name == "infill":
        return fenced(CALC if "of calc.py, complete" in content else FRAGILE)
    if name == "repair":
        wrong = "a - b" in content
        return f"```python\n# {'calc' if wrong else 'main'}.py\n{CALC if wrong else MAIN}```"
    return ANSWERS(request)


def build_model(url: str, settings: Settings):
    """Build the team, or the real replay of what it said."""
    if url.startswith("replay:"):
        from swfactory.models import create_chat_model

        return create_chat_model(url, settings)
    return ScriptedChatModel(answer, pause=PAUSE)
