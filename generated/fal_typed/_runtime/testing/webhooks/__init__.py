"""fal's side of webhooks: calls that are genuinely signed, posted to whatever is tested."""
