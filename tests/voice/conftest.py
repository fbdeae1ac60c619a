"""The stage of the journeys, for conversations with HR."""

from tests.journeys.conftest import stage

__all__ = ["stage"]
