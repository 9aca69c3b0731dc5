"""Federated queries: ours and another graph at once, from a recording where that is silent."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import CurrentDataset, CurrentService
from graph.federated.answering import answer
from graph.federated.examples import Example, example, examples

router = APIRouter(tags=["releases"], prefix="/federated")


class FederatedQuery(BaseModel):
    """A query over this graph and another."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    description: str
    endpoint: Annotated[str, Field(description="Where the other graph answers.")]
    allowed: Annotated[bool, Field(description="Whether this node may ask it.")]
    query: Annotated[str, Field(description="The query with SERVICE.")]
    fallback: Annotated[str, Field(description="The same with the recorded answer.")]
    recorded: Annotated[date, Field(description="When the other graph's part was recorded.")]
    origin: Annotated[str, Field(description="What it was recorded from.")]
    result: Annotated[str, Field(description="Address of the answer.")]

    @property
    def live(self) -> str:
        """Give the address that runs the query with SERVICE."""
        return "/sparql?" + urlencode({"query": self.query})

    @property
    def recorded_answer(self) -> str:
        """Give the address that runs the query with the recorded answer."""
        return "/sparql?" + urlencode({"query": self.fallback})


class FederatedList(BaseModel):
    """All federated queries."""

    model_config = ConfigDict(frozen=True)

    items: tuple[FederatedQuery, ...]


class FederatedAnswer(BaseModel):
    """The answer to one: whether the other graph was asked, else why not and what stands for it."""

    model_config = ConfigDict(frozen=True)

    name: str
    endpoint: str
    asked: bool
    why: Annotated[str, Field(description="Why the recording stands in; empty where it does not.")]
    recorded: date
    origin: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@router.get("")
def list_federated(service: CurrentService) -> FederatedList:
    """List the queries that ask this graph and another at once."""
    return FederatedList(items=tuple(described(service, item) for item in examples()))


@router.get("/{name}")
def answer_federated(
    name: str, service: CurrentService, dataset: CurrentDataset
) -> FederatedAnswer:
    """Answer one; where the other graph is not asked or silent, its recorded part stands in."""
    item, settings = example(name), service.settings
    found = answer(item, dataset.store, settings.home, settings.service_allow)
    return FederatedAnswer(
        name=item.name,
        endpoint=item.endpoint,
        asked=found.asked,
        why=found.why,
        recorded=found.recording.day,
        origin=found.recording.origin,
        columns=found.solutions.variables,
        rows=tuple({name: term.value for name, term in row.items()} for row in found.solutions),
    )


def described(service: CurrentService, item: Example) -> FederatedQuery:
    """Describe a federated query as this node can answer it."""
    recording = item.recording(service.settings.home)
    return FederatedQuery(
        name=item.name,
        title=item.title,
        description=item.description,
        endpoint=item.endpoint,
        allowed=item.endpoint in service.settings.service_allow,
        query=item.text,
        fallback=item.with_recording(recording),
        recorded=recording.day,
        origin=recording.origin,
        result=f"/api/v1/federated/{item.name}",
    )
