"""The gateway: what happens, told over WebSocket to whoever identified."""
