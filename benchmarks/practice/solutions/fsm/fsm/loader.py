"""由文本建立状态机。"""

from fsm.errors import FsmError
from fsm.machine import Machine


def load(text):
    """读取 `initial 状态` 和 `源状态 事件 -> 目标状态` 这样的行。"""
    initial, moves = None, {}
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case []:
                continue
            case [first, *_] if first.startswith("#"):
                continue
            case ["initial", state]:
                if initial is not None:
                    raise FsmError(f"第 {number} 行：initial 重复")
                initial = state
            case [source, event, "->", target]:
                if (source, event) in moves:
                    raise FsmError(f"第 {number} 行：转移重复")
                moves[source, event] = target
            case _:
                raise FsmError(f"第 {number} 行格式错误：{line}")
    if initial is None:
        raise FsmError("没有 initial 行")
    machine = Machine(initial)
    for (source, event), target in moves.items():
        machine.on(source, event, target)
    return machine
