"""Jobs of endpoints: paid once, even when the process dies."""
