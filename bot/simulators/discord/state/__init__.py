"""What there is on the simulated Discord."""
