"""How a question becomes an answer: the pipeline and its steps. Free of Celery and of chat platforms."""
