"""The root keeper as a program: `python -m graph.workers SOCKET SPOOL`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from graph.workers.keeper import Root
from graph.workers.meeting import listen


def main(address: Path, spool: Path) -> None:
    """Listen at an address and serve until no client is left."""
    # Whoever stops the service does so by its sockets: a signal to its group is for the others.
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with listen(address) as listener:
        Root(listener, spool).run()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
