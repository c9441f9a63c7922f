"""Serves the floor in a process of its own: `python -m server.commands.bench`."""

from server.commands.bench.floor import main

main()
