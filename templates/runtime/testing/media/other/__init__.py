"""What is neither seen nor heard at once: cubes, archives, texts."""
