"""The browser of the page's own tests, for the demo's journey."""

from tests.sandbox.web.conftest import browser, chromium, context, page, tab

__all__ = ["browser", "chromium", "context", "page", "tab"]
