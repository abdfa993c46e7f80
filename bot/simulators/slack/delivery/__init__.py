"""How what happens in a workspace reaches the app: signed HTTP, or Socket Mode."""
