"""Words and protocols that every room shares. Imports nothing of ours."""
