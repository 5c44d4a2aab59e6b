"""Small real files, made on the spot by the standard library alone."""
