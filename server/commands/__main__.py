"""The dispatcher: one module per command, read only when it is asked for."""

import sys
from importlib import import_module
from importlib.util import find_spec

from server.commands.help import COMMANDS, show


def main(command: str = "help", *words: str) -> int:
    """Do what was asked; the number is the exit status."""
    if command in {"help", "--help", "-h"}:
        return show()
    module = f"server.commands.{command.replace('-', '_')}"
    if command not in COMMANDS:
        print(f"没有这个命令 / There is no command: {command}", file=sys.stderr)
        return show(sys.stderr) or 2
    if find_spec(module) is None:
        print(f"{module} is missing from this installation", file=sys.stderr)
        return 2
    return import_module(module).run(*words)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
