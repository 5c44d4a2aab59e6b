"""Values that a JSON Schema allows, the same in every process."""
