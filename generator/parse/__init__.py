"""From a document's text to its types in one algebra: load, resolve, normalize."""
