import pytest
from pydantic import ValidationError

from swfactory.domain.execution import Command, Execution


@pytest.mark.parametrize(("code", "verdict", "ok"), [(0, "exited", True), (1, "exited", False), (0, "timeout", False)])
def test_ok_means_ended_by_itself_with_status_0(code, verdict, ok):
    assert Execution(exit_code=code, verdict=verdict).ok is ok


def test_a_command_has_at_least_one_word():
    with pytest.raises(ValidationError):
        Command(argv=())
