"""The documents of the REST interface about dumps."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from graph.dumps.files import Dump, Holds


class DumpFile(BaseModel):
    """A file of a dump."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(examples=["statements.nq.gz"])]
    address: Annotated[str, Field(examples=["/dumps/7/statements.nq.gz"])]
    holds: Holds
    title: str
    media_type: Annotated[str, Field(description="Of the content, unpacked.")]
    packed: Annotated[bool, Field(description="Whether it is compressed by gzip.")]
    size: Annotated[int | None, Field(description="Bytes; null before it is made.")]
    sha256: Annotated[str | None, Field(description="Checksum; null before it is made.")]

    @classmethod
    def of(cls, dump: Dump, release: int) -> DumpFile:
        """Describe a file of the dump of a release."""
        return cls(
            name=dump.name,
            address=f"/dumps/{release}/{dump.name}",
            holds=dump.holds,
            title=dump.title,
            media_type=dump.media_type,
            packed=dump.packed,
            size=dump.size,
            sha256=dump.sha256,
        )


class DumpFiles(BaseModel):
    """The files of the dump of a release; they are made when the first of them is asked for."""

    model_config = ConfigDict(frozen=True)

    release: int
    made: bool
    digest: Annotated[str, Field(description="That of the release, which the dump has as well.")]
    items: tuple[DumpFile, ...]
