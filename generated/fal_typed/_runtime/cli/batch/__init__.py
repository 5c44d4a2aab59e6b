"""`batch`: many calls, each paid once."""
