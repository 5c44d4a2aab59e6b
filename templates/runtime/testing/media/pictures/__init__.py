"""Pictures: squares of colour, in four formats."""
