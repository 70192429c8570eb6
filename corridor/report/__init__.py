"""Report room: WHAT IS SAID. One self-contained page from the tables of a run."""
