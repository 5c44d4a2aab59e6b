"""Generates `fal_typed`, a typed Python client for fal.ai, from the endpoints' OpenAPI documents.

Read `pipeline.py` first: it names the stages in order, and each is the function of its name in the file of its name.
"""
