"""The commands, one module each, named in `cli.main.COMMANDS`."""
