"""What `map` is on every endpoint, and what it gives. What does the jobs is found when they are asked for."""
