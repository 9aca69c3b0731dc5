"""Query workers: processes that evaluate one query at a time and can be killed.

No engine that we embed can cancel a query: only the end of a process stops one. So a *keeper*
forks *workers* over a read-only release, and whoever waits for an answer kills what takes too
long. Three kinds of process, each a single thread:

    root keeper        one for a home folder, shared by all processes of the service; holds no
                       store, so that it forks in a moment whatever the size of the releases
    release keeper     forked by the root for one release; holds the copy in memory, if there is
                       one, which its workers share without copying
    worker             forked by the release keeper; evaluates and serialises, one after another

Whoever asks makes a pair of sockets for each worker, sends one end to the keeper and keeps the
other. When the asking process ends, its sockets close, and everything below it ends with it.
"""
