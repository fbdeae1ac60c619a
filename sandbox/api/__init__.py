"""The Web API methods that Attune calls; importing this package registers them all."""

from sandbox.api import auth, chat, conversations, files, functions, users, views

__all__ = ["auth", "chat", "conversations", "files", "functions", "users", "views"]
