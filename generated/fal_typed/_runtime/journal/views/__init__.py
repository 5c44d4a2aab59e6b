"""What is seen of a journal: its jobs, sums, tables and pictures."""
