"""What is emitted beside fal's documentation, field by field.

Two readers (`llms.py`, `page.py`) and a look at the emitted package (`emitted.py`) give the same plain description
(`describe.py`); `compare.py` holds one against the other. Nothing here knows how the generator works: a mistake of
its stages must not be able to hide in the opinion about them.
"""
