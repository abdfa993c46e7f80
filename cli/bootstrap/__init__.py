"""The only place that wires: one module per kind of process, each importing only its rooms."""
