"""A notebook that calls models, run against the offline fake, and looked at in a browser."""
