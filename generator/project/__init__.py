"""What a project has on disk: settings, ids, endpoints, locks, releases, the cache, the one writer and the one lock."""
