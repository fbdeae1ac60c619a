"""The sandbox's web client: a Slack-like page for one workspace.

Importing this package, or any part of it, loads NiceGUI (extra ``sandbox``).
"""

from sandbox.web.extras import Extras, Role, TourStep
from sandbox.web.mounting import mount

__all__ = ["Extras", "Role", "TourStep", "mount"]
