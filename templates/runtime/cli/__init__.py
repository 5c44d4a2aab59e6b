"""The command line of the package; only there where the project asks for the part `cli`."""
