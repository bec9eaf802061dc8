"""The stack files of the project: making another one, and what those that are there say."""
