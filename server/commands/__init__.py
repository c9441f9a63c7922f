"""The commands of the house: `python -m server.commands <command>`; the script `./huanche` sets up and calls these."""
