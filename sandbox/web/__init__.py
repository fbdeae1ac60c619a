"""The sandbox's web client: a Slack-like page for one workspace.

Importing this package needs NiceGUI (extra ``sandbox``); `sandbox.web.extras` alone does not.
"""

from sandbox.web.extras import Extras, TourStep
from sandbox.web.mounting import mount

__all__ = ["Extras", "TourStep", "mount"]
