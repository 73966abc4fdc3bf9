"""Examples that a requirement quotes word for word, found without a model.

``python main.py 5 km m`` prints 5000.00 is an executable check; nobody has to guess it. English and Chinese verbs are
understood. Whatever is not literal (a placeholder such as FILE, a shape such as "one line per note") is left to the
test engineer.
"""

from __future__ import annotations

from swfactory.domain.spec import CommandExample, Example
from swfactory.requirements.accounts import account_of
from swfactory.requirements.call_examples import api_examples
from swfactory.requirements.keeping import keeps_data, stands_alone
from swfactory.requirements.object_examples import object_examples
from swfactory.requirements.quoted_commands import literal_argv, quoted_commands
from swfactory.requirements.transcripts import transcript_examples
from swfactory.requirements.value_tables import table_examples

__all__ = ["command_examples", "quoted_examples"]


def command_examples(text: str) -> tuple[CommandExample, ...]:
    """Find commands in back-quotes whose output or exit status is stated literally, and does not depend on others."""
    found: list[CommandExample] = []
    keeps = keeps_data(text)
    for index, (command, said) in enumerate(quoted_commands(text)):
        argv, account = literal_argv(command, text), account_of(said, text)
        if argv is None or account is None:
            continue
        # What a program prints of what it keeps depends on the commands before it.
        alone = not keeps or account.exit_code or stands_alone(argv[2:], account.output or "", first=not index)
        if alone:
            found.append(CommandExample(origin="quoted", steps=(account.step(argv),)))
    return tuple(found)


def quoted_examples(text: str) -> tuple[Example, ...]:
    """All quoted examples of a text: commands, sessions, calls, tables, objects."""
    calls = [example for _, example in api_examples(text)]
    objects = [example for example in object_examples(text) if example not in calls]
    tables = [example for example in table_examples(text) if example not in calls]
    return (*command_examples(text), *transcript_examples(text), *calls, *tables, *objects)
