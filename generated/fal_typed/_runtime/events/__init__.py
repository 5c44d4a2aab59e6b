"""What calls tell of themselves while they go on, and who is told."""
