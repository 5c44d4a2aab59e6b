"""How outputs, files, handles and streams are shown: as a line, and as HTML in a notebook. Nothing is sent for it."""
