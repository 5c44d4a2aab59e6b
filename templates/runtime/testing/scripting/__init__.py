"""How an endpoint of the fake behaves, and what it was asked."""
