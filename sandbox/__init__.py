"""A Slack-compatible workspace on this machine, for tests, demos and development."""
