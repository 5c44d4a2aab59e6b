"""The verification against the documentation: its readers, its view of the emitted code, and the command."""
