"""The Celery app, its thin tasks, and what they do."""
