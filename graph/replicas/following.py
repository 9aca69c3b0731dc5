"""Following: a replica brought up to its peer, page after page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from graph.errors import EndpointError, NotFoundError, WithdrawnError
from graph.feed.pages import DIGEST
from graph.replicas.admission import Admission
from graph.replicas.calling import Caller
from graph.replicas.reading import Member, Page, Root, read_page, read_root
from graph.replicas.replica import Progress, Replica
from graph.replicas.streams import ACCEPT
from graph.store.subjects import Payload, SubjectStore

_NQUADS = "application/n-quads"
_AT_ONCE = 30_000  # statements that are loaded together
_ROUNDS = 5  # how often a root is read again, while the peer publishes


def follow(
    caller: Caller,
    replica: Replica,
    *,
    anew: bool = False,
    told: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Read all that is new in a peer's feed, until the replica has the digest that the peer has.

    `anew` forgets what was read before, and `told` is called after each page. EndpointError if the
    peer cannot be read, contradicts itself or goes back behind what it said.
    """
    with replica.held():
        progress = Progress(url=caller.root) if anew else replica.progress()
        for _ in range(_ROUNDS):
            root = _root(caller)
            progress, done = _round(caller, replica, root, _begun(progress, root), told)
            if done:
                return progress
        raise EndpointError(
            f"{caller.root}feed does not lead to what it says: all pages were read, and the digest "
            "of what they state is another; follow it anew if that stays so"
        )


def is_node(caller: Caller) -> bool:
    """Tell whether a peer is a node of this kind; EndpointError if it does not answer."""
    try:
        return DIGEST.encode() in caller.get("feed", ACCEPT)
    except (NotFoundError, WithdrawnError):
        return False


def _round(
    caller: Caller,
    replica: Replica,
    root: Root,
    progress: Progress,
    told: Callable[[Progress], None],
) -> tuple[Progress, bool]:
    """Read what is new; tell whether the replica has all that the root leads to."""
    store = replica.store(root.epoch, anew=not progress.page)
    try:
        progress = _pages(caller, replica, store, root, progress, told)
    except WithdrawnError:
        return progress, False  # the feed has ended meanwhile, and another has begun
    gathered = replica.gather(store, Admission.of_node(root.base))
    if gathered.digest != root.digest:
        return progress, False
    done = replica.publish(progress.whole(gathered, root.release))
    replica.tidy(root.epoch)
    return done, True


def _root(caller: Caller) -> Root:
    return read_root(caller.get("feed", _NQUADS), f"{caller.root}feed")


def _begun(progress: Progress, root: Root) -> Progress:
    """Go on, or begin anew where the peer has begun a new feed."""
    if progress.base and progress.base != root.base:
        raise EndpointError(
            f"{progress.url} was the node of {progress.base}, and now says that it is that of "
            f"{root.base}: follow it anew if that is meant"
        )
    if progress.epoch == root.epoch:
        if root.pages < progress.page:
            raise EndpointError(
                f"the feed of {progress.url} goes backwards: it has {root.pages} pages, of which "
                f"{progress.page} were read; follow it anew if that is meant"
            )
        return progress
    return Progress(url=progress.url, base=root.base, epoch=root.epoch)


def _pages(  # what one step of following needs
    caller: Caller,
    replica: Replica,
    store: SubjectStore,
    root: Root,
    progress: Progress,
    told: Callable[[Progress], None],
) -> Progress:
    start = progress.page + 1 if progress.closed else max(progress.page, 1)
    applying = _Applying(store, replica, told)
    for number in range(start, root.pages + 1):
        path = f"feed/{root.epoch}/{number}"
        address = caller.root + path
        page = read_page(caller.get(path, _NQUADS), root, number, address)
        place = progress.place if number == progress.page else 0
        if len(page.members) < place or (number < root.pages and not page.closed):
            raise EndpointError(f"{address} goes backwards: it held more, or was full, before")
        new = page.members[place:]
        last = _in_order(progress.last, new, address)
        progress = progress.model_copy(
            update={
                "page": number,
                "place": len(page.members),
                "closed": page.closed,
                "last": last,
            }
        )
        applying.add(page, new, progress)
    applying.end()
    return progress


@dataclass(slots=True)
class _Applying:
    """Applies pages in order, several at once as long as they only make things.

    What is loaded at once is loaded for half of the cost of as much in pages.
    """

    store: SubjectStore
    replica: Replica
    told: Callable[[Progress], None]
    waiting: list[tuple[list[str], Payload]] = field(default_factory=list)
    size: int = 0
    progress: Progress | None = None

    def add(self, page: Page, new: tuple[Member, ...], progress: Progress) -> None:
        """Apply what is new on a page, now or with later ones; `progress` is with it."""
        made = [member.subject for member in new if member.action == "Create"]
        others = [member.subject for member in new if member.action != "Create"]
        self.waiting.append((made, page.payload))
        self.size += len(page.payload)
        self.progress = progress
        if others:
            self._fill()
            self.store.replace(others, page.payload)
        if others or self.size >= _AT_ONCE:
            self.end()

    def end(self) -> None:
        """Apply what waits, and let it count."""
        if self.progress is None:
            return
        self._fill()
        self.store.flush()
        progress, self.progress = self.progress, None
        self.replica.save(progress)
        self.told(progress)

    def _fill(self) -> None:
        waiting, self.waiting, self.size = self.waiting, [], 0
        self.store.fill(waiting)


def _in_order(last: datetime | None, members: tuple[Member, ...], address: str) -> datetime | None:
    for member in members:
        if last is not None and member.published < last:
            raise EndpointError(
                f"{address} goes backwards: what happened at {member.published} comes after {last}"
            )
        last = member.published
    return last
