"""The front door: names, options and exit statuses; what the commands do is in the rooms.

Exit status: 0 done; 1 a fault of ours; 2 bad input; 3 a target or precision not reached; 4 an
input/output fault; 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import Any

import typer

from corridor.cli import asking, checking, layers, refresh, routes, running, saved, world
from corridor.cli.ending import heard, listen
from corridor.cli.options import app
from corridor.faults import Faults

__all__ = [
    "app",
    "asking",
    "checking",
    "layers",
    "main",
    "refresh",
    "routes",
    "running",
    "saved",
    "world",
]

# A wrong option or argument. Typer carries its own copy of click, or uses the real one: ask it.
_Usage: Any = next(k for k in typer.BadParameter.__mro__ if k.__name__ == "ClickException")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with the status the interface promises."""
    listen()
    status = _status(arguments)
    if arguments is None:  # a process of its own, in which all goes: to search it takes 0.4 s
        gc.freeze()
    sys.exit(status)


def _status(arguments: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that is not UTF-8 must not stop a run
            stream.reconfigure(errors="backslashreplace")
    try:
        result: Any = app(args=arguments, prog_name="corridor", standalone_mode=False)
        status = result if isinstance(result, int) else 0
        sys.stdout.flush()  # here, where a reader that has gone away can still be answered
    except Faults as faults:
        status = _tell(faults)
    except _Usage as error:
        error.show()
        status = 2
    except (typer.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:
        status = _unread()
    except SystemExit as error:  # what typer makes of a broken pipe: its own exit with status 1
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        status = _unread()
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        print(f"cannot read or write: {error.strerror or error}{where}", file=sys.stderr)
        status = 4
    except Exception:
        status = 130 if heard() else _ours()
    if status == 130:
        print("interrupted", file=sys.stderr)
    return status


def _unread() -> int:
    """Who reads our output has read enough: say no more, and call it done."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _tell(faults: Faults) -> int:
    """The faults, at most twenty."""
    for fault in faults.faults[:20]:
        print(fault, file=sys.stderr)
    if len(faults.faults) > 20:
        print(f"and {len(faults.faults) - 20} more", file=sys.stderr)
    return 2


def _ours() -> int:
    """A fault of ours: one line, the traceback in a file."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="corridor-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        traceback.print_exc(file=log)
    print(f"a fault of ours, sorry: details in {log.name}", file=sys.stderr)
    return 1
