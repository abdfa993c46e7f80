"""Servers that keep a vendor's rules over real HTTP and say what a script tells them to."""
