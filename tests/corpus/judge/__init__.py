"""A second judge of what changed between two documents, who knows nothing of the generator and reads them as they are.

    values (which values a schema allows) ─> fields (one object type) ─> verdict (one endpoint)

It shares no code with `generator.diff`, nor with the stages before it, so it can contradict them. What it does not look
at is how things are called in Python: names of classes, and where those live.
"""
