"""What jobs may cost, and what the units of endpoints cost."""
