"""From documents to what is emitted: share, name, lower. Here every Python name is decided, once."""
