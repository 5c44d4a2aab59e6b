"""A cassette: what a service answered once, answered again for ever."""
