"""Celery tasks: each decodes its job, calls one object, and leaves the rest to it."""
