"""What the sandbox sends to an app: events, interactions and commands, by HTTP or socket."""
