"""What a model answers: the classes of outputs, and reading an answer into them."""
