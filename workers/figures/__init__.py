"""Figures of a text: its numbers and dates, read in every form in which people write them."""
