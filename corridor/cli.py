"""The front door: commands, no logic."""
