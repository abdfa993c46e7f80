"""What Discord accepts and what it refuses."""
