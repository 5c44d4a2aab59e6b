"""An offline fal for tests: a fake that knows every endpoint's document, its scripts, and cassettes."""
