"""From the IR to the text of every file: annotations, models, render, inert, format."""
