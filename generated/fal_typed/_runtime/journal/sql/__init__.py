"""Journals in databases, by SQLAlchemy. Nothing here is imported before somebody opens one."""
