"""What people type, who know fal-client or dicts, and what is meant: hints for messages, completions."""
