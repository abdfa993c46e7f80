"""The terminal as a platform: its messages stand in the ledger, so that any worker can write them."""
