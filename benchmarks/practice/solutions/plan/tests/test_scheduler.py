import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))

from scheduler import Scheduler


def test_cycle():
    plan = Scheduler()
    plan.add("a", 1, ["a"])
    with pytest.raises(ValueError, match="cycle"):
        plan.order()
