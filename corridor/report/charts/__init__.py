"""Report room: the charts. Each module draws one figure twice, for a wide and a narrow page."""
