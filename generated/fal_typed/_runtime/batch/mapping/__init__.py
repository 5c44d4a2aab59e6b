"""What does the jobs of a `map`: in threads, or in tasks."""
