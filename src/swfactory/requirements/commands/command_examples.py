"""Commands in back-quotes, and what a requirement says word for word that each prints or ends with.

``python main.py 5 km m`` prints 5000.00 is an executable check; nobody has to guess it. English and Chinese verbs are
understood. Whatever is not literal (a placeholder such as FILE, a shape such as "one line per note") is left to the
test engineer.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace

from swfactory.domain.spec import CommandExample
from swfactory.requirements.commands.accounts import account_of
from swfactory.requirements.commands.quoted_commands import literal_argv, quoted_commands
from swfactory.requirements.commands.shell_calls import ShellCall, parse_call
from swfactory.requirements.text.given_files import given_files
from swfactory.requirements.text.keeping import keeps_data, stands_alone

__all__ = ["command_examples"]


def command_examples(text: str) -> tuple[CommandExample, ...]:
    """Find commands in back-quotes whose output or exit status is stated literally, and does not depend on others."""
    found: list[CommandExample] = []
    keeps, files = keeps_data(text), given_files(text)
    for index, (command, said) in enumerate(quoted_commands(text)):
        call, account = _call(command, text, files), account_of(said, text)
        if call is None or account is None:
            continue
        # What a program prints of what it keeps depends on the commands before it.
        alone = not keeps or account.exit_code or stands_alone(call.argv[2:], account.output or "", first=not index)
        if alone:
            read = {word: files[word] for word in call.argv if word in files}
            step = account.step(call.argv).model_copy(update={"stdin": files.get(call.reads, call.stdin)})
            found.append(CommandExample(origin="quoted", files=read, steps=(step,)))
    return tuple(found)


def _call(command: str, text: str, files: Mapping[str, str]) -> ShellCall | None:
    """A literal call, with what is piped into it."""
    piped = parse_call(command)
    if piped is None or not (piped.stdin or piped.reads in files):
        argv = literal_argv(command, text, files)
        return ShellCall(argv) if argv else None
    argv = literal_argv(shlex.join(piped.argv), text, files)
    return replace(piped, argv=argv) if argv else None
