"""What is shown, by slice: one module each, with its cases as plain calls of builders.

The modules and their `CASES` are found by name, so that a new slice needs its module only.
"""
