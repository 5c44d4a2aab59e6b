"""What editors see of the client: pyright's language server and jedi, as an editor asks them."""
