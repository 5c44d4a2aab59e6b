"""Calling a model: endpoints, the queue, handles and streams."""
