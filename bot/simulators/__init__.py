"""Stand-ins for chat platforms that keep the platforms' rules over real HTTP and WebSocket."""
