"""Documents that attack: none may get anything but definitions into the emitted package."""
