"""How far calls, uploads and downloads are, for whoever looks at a terminal or a notebook."""
