"""Run the writer of a home as a process of its own, which nobody has to wait for."""

import os
import sys

if __name__ == "__main__":
    # Who started this goes on at once, and leaves no process behind that it would have to reap.
    if os.fork():
        os._exit(0)
    from graph.writing.process import main

    sys.exit(main(sys.argv[1:]))
