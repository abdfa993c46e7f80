"""The command line: one module per command, and the wiring of each kind of process."""
