"""Following any stream: its pages read in turn, and the latest version of each thing kept.

Streams of others say neither how many pages there are nor to which digest they lead, and their
pages come in any order. So a replica notes, in a graph beside the versions, of what each is one and
when it was made, and which pages will never change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urldefrag

from graph.errors import EndpointError
from graph.feed.members import AS, LDES, TREE
from graph.replicas.admission import Admission
from graph.replicas.calling import Caller
from graph.replicas.replica import Progress, Replica
from graph.replicas.streams import ACCEPT, Stream, read_document, read_stream
from graph.replicas.versions import NOTES, StreamPage, Version, read_stream_page
from graph.store.subjects import SubjectStore
from graph.store.writing import Change, Quad
from graph.terms import XSD, Term

_EPOCH = "stream"
_MOST = 100_000  # pages
_GRAPH = Term("uri", NOTES)
_OF, _MADE = Term("uri", f"{AS}object"), Term("uri", f"{AS}published")
_LEADS, _CLOSED = Term("uri", f"{TREE}node"), Term("uri", f"{LDES}immutable")
_TRUE = Term("literal", "true", None, f"{XSD}boolean")


def follow_stream(
    caller: Caller,
    replica: Replica,
    *,
    own: Collection[str] = (),
    anew: bool = False,
    told: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Read all pages of a stream that may have changed, and gather what it states now.

    `own` are beginnings of the addresses that it may speak of: by default those it was allowed
    before, or those of its host. `anew` forgets what was read, and `told` is called after each
    page. EndpointError if the stream cannot be read.
    """
    with replica.held():
        before = replica.progress()
        progress = Progress(
            url=caller.address,
            kind="stream",
            epoch=_EPOCH,
            own=tuple(own) or before.own or (caller.origin,),
        )
        if not anew and before.kind == "stream":
            progress = before.model_copy(update={"own": progress.own})
        store = replica.store(_EPOCH, anew=anew or not progress.base)
        progress = _Following(caller, replica, store, told).all(progress)
        gathered = replica.gather(store, Admission.of_stream(progress.own), (NOTES,))
        return replica.publish(progress.whole(gathered))


@dataclass(frozen=True, slots=True)
class _Following:
    caller: Caller
    replica: Replica
    store: SubjectStore
    told: Callable[[Progress], None]

    def all(self, progress: Progress) -> Progress:
        """Read the first document, and every page that it leads to."""
        stream, page = self._first()
        if progress.base and progress.base != stream.address:
            raise EndpointError(
                f"{progress.url} was the stream {progress.base}, and now is {stream.address}: "
                "follow it anew if that is meant"
            )
        progress = self._taken(progress.model_copy(update={"base": stream.address}), page)
        seen = {self.caller.document}
        waiting = deque([*stream.views, *page.leads])
        while waiting:
            address = urldefrag(waiting.popleft()).url
            if address in seen:
                continue
            seen.add(address)
            if len(seen) > _MOST:
                raise EndpointError(f"{progress.url} has more than {_MOST:,} pages")
            leads = self._known(address)
            if leads is None:
                page = self._page(address, stream)
                progress, leads = self._taken(progress, page, address), page.leads
            waiting.extend(leads)
        return progress

    def _first(self) -> tuple[Stream, StreamPage]:
        quads, address = self._document(self.caller.document)
        stream = read_stream(quads, address, self.caller.address)
        return stream, read_stream_page(quads, stream, address)

    def _page(self, address: str, stream: Stream) -> StreamPage:
        quads, final = self._document(address)
        return read_stream_page(quads, stream, final)

    def _document(self, address: str) -> tuple[list[Quad], str]:
        """Read the statements of a document, and where it was found."""
        answer = self.caller.ask(address, ACCEPT)
        return read_document(answer.body, answer.media_type, answer.address), answer.address

    def _known(self, address: str) -> tuple[str, ...] | None:
        """Give where a page leads that was read and never changes; None for any other."""
        this = Term("uri", address)
        if not self.store.has((this, _CLOSED, _TRUE, _GRAPH)):
            return None
        return tuple(quad[2].value for quad in self.store.quads(NOTES, this, _LEADS))

    def _taken(self, progress: Progress, page: StreamPage, address: str = "") -> Progress:
        """Apply a page, and let it count; the first document is read each time."""
        last = progress.last
        for version in page.versions:
            self._apply(version)
            if version.when is not None:
                last = max(last or version.when, version.when)
        if page.closed and address:
            this = Term("uri", address)
            notes = [(this, _LEADS, Term("uri", lead), _GRAPH) for lead in page.leads]
            self.store.apply(Change(inserted=[*notes, (this, _CLOSED, _TRUE, _GRAPH)]))
        self.store.flush()
        progress = progress.model_copy(update={"last": last, "page": progress.page + 1})
        self.replica.save(progress)
        self.told(progress)
        return progress

    def _apply(self, version: Version) -> None:
        """Let a version be all that the store holds of its thing, unless it holds a later one."""
        thing, member = Term("uri", version.thing), Term("uri", version.member)
        held = [quad[0] for quad in self.store.quads(NOTES, None, _OF, thing)]
        made = max(filter(None, map(self._made, held)), default=None)
        if held and made is not None and (version.when is None or version.when < made):
            return
        change = Change()
        for graph in held:
            change.removed += [*self.store.quads(graph.value), *self.store.quads(NOTES, graph)]
        change.inserted += [*version.quads, (member, _OF, thing, _GRAPH)]
        if version.when is not None:
            when = Term("literal", version.when.isoformat(), None, f"{XSD}string")
            change.inserted.append((member, _MADE, when, _GRAPH))
        self.store.apply(change)

    def _made(self, member: Term) -> datetime | None:
        for quad in self.store.quads(NOTES, member, _MADE):
            return datetime.fromisoformat(quad[2].value).astimezone(UTC)
        return None
