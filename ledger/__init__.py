"""What must outlive a process: turns, answers, conversations, feedback, sources."""
