"""One HTTP exchange with fal: requests, answers, what is tried again, hosts and the key."""
