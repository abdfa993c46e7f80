"""How an interaction reaches the app: told over the gateway, or posted to its own address and signed."""
