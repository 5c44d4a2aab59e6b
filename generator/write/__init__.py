"""From texts to files: plan, apply, and the manifest of what is ours."""
