"""The demo: a small company answers a pulse, through the real bot and scheduler."""
