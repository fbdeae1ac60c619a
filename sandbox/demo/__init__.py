"""The demo: a company answers surveys and finds mentors, with the real bot and scheduler."""
