"""The browser helper is shared with the tests of the report: it lies one folder up."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
