"""What a caller passes: its types, and the check before anything is sent."""
