"""Examples that a requirement quotes word for word, found without a model.

``python main.py 5 km m`` prints 5000.00 is an executable check; nobody has to guess it. English and Chinese verbs are
understood. Whatever is not literal (a placeholder such as FILE, a shape such as "one line per note") is left to the
test engineer.
"""

from __future__ import annotations

import re

from swfactory.domain.spec import CommandExample, Example, Step
from swfactory.requirements.call_examples import api_examples
from swfactory.requirements.exit_statuses import fails_somehow, may_fail, stated_status
from swfactory.requirements.failures import looks_like_error, tells_of_failure
from swfactory.requirements.keeping import keeps_data, stands_alone
from swfactory.requirements.listed_values import listed_values, on_lines_of_their_own, on_one_line
from swfactory.requirements.object_examples import object_examples
from swfactory.requirements.printed import complaint_of, output_of, what_is_printed
from swfactory.requirements.quoted_commands import literal_argv, quoted_commands
from swfactory.requirements.transcripts import transcript_examples
from swfactory.requirements.value_tables import table_examples

__all__ = ["command_examples", "quoted_examples"]

_QUOTATION = re.compile(r"\s*(?:exactly |just |only )?[:：]?\s*[`\"“「']")
_SILENT = re.compile(r"\b(?:nothing|silently|quietly|no (?:output|message))\b|不打印|不输出|不显示|静默", re.IGNORECASE)


def command_examples(text: str) -> tuple[CommandExample, ...]:
    """Find commands in back-quotes whose output or exit status is stated literally, and does not depend on others."""
    found: list[CommandExample] = []
    keeps = keeps_data(text)
    for index, (command, said) in enumerate(quoted_commands(text)):
        argv = literal_argv(command, text)
        if argv is None:
            continue
        what = what_is_printed(said) or ""
        values = listed_values(what)
        lines = values and on_lines_of_their_own(text) and not on_one_line(said)
        stdout = "\n".join(values) if lines else None if values else output_of(said)
        complaint = complaint_of(said)
        status = stated_status(said)
        somehow = status is None and fails_somehow(said)
        if stdout is None and status is None and complaint is None and not values and not somehow:
            continue
        code = None if status is None and (complaint or may_fail(said)) else status or 0
        if keeps and not code and not stands_alone(argv[2:], stdout or "", first=not index):
            continue
        # The message of an error may come on either stream, unless one is named.
        fails = tells_of_failure(said) or (code != 0 and looks_like_error(stdout or ""))
        said_somewhere = stdout is not None and not lines and fails
        explained = stdout is not None or values or complaint or _QUOTATION.match(what) or _SILENT.search(said)
        step = Step(
            argv=argv,
            stdout=None if said_somewhere else stdout,
            stdout_contains=() if lines else values,
            stderr_contains=(complaint,) if complaint else (),
            says=(stdout,) if said_somewhere and stdout else (),
            exit_code=code,
            fails=somehow,
            refusable=code is None and bool(fails or complaint),
            stderr_nonempty=bool(code) and not explained,
        )
        found.append(CommandExample(origin="quoted", steps=(step,)))
    return tuple(found)


def quoted_examples(text: str) -> tuple[Example, ...]:
    """All quoted examples of a text: commands, sessions, calls, tables, objects."""
    calls = [example for _, example in api_examples(text)]
    objects = [example for example in object_examples(text) if example not in calls]
    tables = [example for example in table_examples(text) if example not in calls]
    return (*command_examples(text), *transcript_examples(text), *calls, *tables, *objects)
