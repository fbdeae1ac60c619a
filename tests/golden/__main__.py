"""`make golden`: write the golden files anew, for a review of their diff."""

from tests.golden.files import rewrite

rewrite()
