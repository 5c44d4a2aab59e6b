"""What is known of jobs, and who has them: kept where it outlives the process."""
