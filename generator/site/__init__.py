"""The reference as a site: what the documents say, as pages for people and as text for programs.

    understand ─> collect ─> pages, search, texts ─> store
                  facts.py   templates/site/

Read `build.py` first. Nothing here decides what a type is or what it is called: stage `share` did, and `lower` wrote
it.
"""
