"""From a file here to its URL at fal: what can be uploaded, and how."""
