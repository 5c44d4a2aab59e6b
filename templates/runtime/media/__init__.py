"""What a file says of itself in its first bytes, held against what fal takes. Nothing here knows a server."""
