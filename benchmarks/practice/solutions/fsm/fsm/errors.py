"""状态机的异常。"""


class FsmError(Exception):
    """状态机的错误。"""


class UnknownState(FsmError):
    """未知的状态。"""


class InvalidTransition(FsmError):
    """当前状态没有该事件。"""
