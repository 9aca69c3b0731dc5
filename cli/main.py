"""The command `sikg`: build, serve and ask the graph."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO, Annotated, cast

import typer

from cli import (
    correcting,
    differing,
    following,
    matching,
    privacy,
    recording,
    suggesting,
    workspaces,
)
from cli.asking import answer_from_endpoint, answer_from_store, read_query
from cli.console import Bars, ExitCode, exit_code, progress, say, say_json, say_table, warn
from cli.matching import Ledger
from cli.privacy import KeepDays, TakedownList, applied_takedowns
from cli.publishing import (
    Contact,
    PublisherName,
    made_anew,
    make_dumps,
    publisher_of,
    tell_digest,
    write_all,
)
from cli.serving import allow_connections, keep_memory_at_hand, metrics_folder
from graph.catalogue import Catalogue
from graph.dataset import Dataset
from graph.dumps.packing import packing
from graph.errors import ParameterError, SikgError, disk_error
from graph.formats import GRAPH_FORMATS, Format, by_name
from graph.identities.ledger import applied_ledger
from graph.identity import DEFAULT_BASE, Identity
from graph.release import DEFAULT_KEEP, Release, Releases
from graph.report import SourceReport

app = typer.Typer(
    name="sikg",
    help="Build, serve and ask the knowledge graph of European social innovation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Home = Annotated[
    Path, typer.Option(envvar="SIKG_HOME", help="Folder of releases and all other state.")
]
Data = Annotated[
    list[Path] | None,
    typer.Option(envvar="SIKG_DATA", help="Folder of the tables, by default data; may be several."),
]
Sources = Annotated[
    list[Path] | None,
    typer.Option(
        envvar="SIKG_SOURCES",
        help="Folder of mappings, or a built-in set (default, operations …); may be several.",
    ),
]
Base = Annotated[str, typer.Option(envvar="SIKG_BASE", help="Base of all IRIs; ends in a slash.")]
Offline = Annotated[
    bool, typer.Option(envvar="SIKG_OFFLINE", help="Fetch nothing: use the copies of last time.")
]
FetchHosts = Annotated[
    list[str] | None,
    typer.Option(
        "--fetch-host",
        envvar="SIKG_FETCH_HOSTS",
        help="The only hosts to fetch from; by default those that mappings name.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]

_HOME = Path("var")
_DATA = [Path("data")]


@app.callback(invoke_without_command=True)
def _root(
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if show_version:
        say(version("social-innovation-knowledge-graph"))
        raise typer.Exit


@app.command()
def build(
    home: Home = _HOME,
    data: Data = None,
    sources: Sources = None,
    base: Base = DEFAULT_BASE,
    strict: Annotated[bool, typer.Option(help="Fail if any row is set aside.")] = False,
    offline: Offline = False,
    fetch_hosts: FetchHosts = None,
    keep: Annotated[
        int, typer.Option(envvar="SIKG_KEEP", min=1, help="How many releases to keep.")
    ] = DEFAULT_KEEP,
    may_shrink: Annotated[
        list[str] | None,
        typer.Option("--allow-shrink", help="A source that may lose half of its rows."),
    ] = None,
    ledger: Ledger = None,
    takedowns: TakedownList = None,
    keep_days: KeepDays = None,
    publisher: PublisherName = None,
    contact: Contact = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Make all anew, also what did not change.")
    ] = False,
    dumps: Annotated[
        bool, typer.Option("--dumps", envvar="SIKG_DUMPS", help="Make the dumps at once.")
    ] = False,
    map_seconds: Annotated[
        float,
        typer.Option(
            envvar="SIKG_MAP_SECONDS",
            min=1,
            help="Longest time for drawing the maps of a large release; those left say so.",
        ),
    ] = 240.0,
    as_json: Json = False,
) -> None:
    """Build a release from the tables and serve it from now on."""
    from graph.feed.recording import record  # noqa: PLC0415  # polars: no other command waits
    from loaders.building.build import Inputs  # noqa: PLC0415  # as above
    from loaders.building.build import build as make  # noqa: PLC0415  # as above
    from loaders.fetching.options import Fetching  # noqa: PLC0415  # as above
    from loaders.language.sets import read_sets  # noqa: PLC0415  # as above
    from visualisations.preparing import prepare  # noqa: PLC0415  # as above

    folders = data or _DATA
    inputs = Inputs(
        read_sets(sources, folders),
        folders[0],
        _identity(base),
        may_shrink=frozenset(may_shrink or ()),
        ledger=applied_ledger(folders[0], ledger),
        fetching=Fetching.of(home, fetch_hosts, offline=offline),
        takedowns=applied_takedowns(folders[0], takedowns),
        keep_days=keep_days,
        publisher=publisher_of(publisher, contact),
        whole=whole,
    )
    with progress() as bars:
        # Each map is told of, since some take long.
        tell = partial(_tell_map, bars)
        inputs = replace(inputs, finish=(partial(prepare, seconds=map_seconds, tell=tell),))
        release, report = make(Releases(home, keep=keep), inputs, strict=strict, progress=bars)
    if dumps:
        make_dumps(Releases(home), release)
        bars.step("Telling what changed", 1)
        record(Releases(home))
        bars.advance()
    if as_json:
        say_json(
            {
                "release": release.manifest.model_dump(mode="json"),
                "quarantined": report.quarantined,
                "violations": report.shapes.violations,
                "warnings": report.shapes.warnings,
            }
        )
        return
    manifest = release.manifest
    say(
        f"Release {manifest.number}: {manifest.statements:,} statements, "
        f"digest …{manifest.digest[-12:]}"
    )
    say(
        f"{sum(source.rows_loaded for source in report.sources):,} rows loaded, "
        f"{report.quarantined:,} set aside; SHACL: {report.shapes.violations} violations, "
        f"{report.shapes.warnings} warnings"
    )
    say(made_anew(release))
    _say_problems(report.sources)


def _tell_map(bars: Bars, name: str) -> None:
    bars.advance()  # what was told of before is done
    bars.step(f"Drawing the map {name}", 1)


@app.command()
def check(
    target: Annotated[
        str | None, typer.Argument(help="A source by name, a mapping file, or a table file.")
    ] = None,
    home: Home = _HOME,
    data: Data = None,
    sources: Sources = None,
    base: Base = DEFAULT_BASE,
    offline: Offline = False,
    fetch_hosts: FetchHosts = None,
    as_json: Json = False,
) -> None:
    """Tell what would load from the sources, and what would be set aside and why."""
    from cli.checking import check_target, enforce, noted  # noqa: PLC0415  # polars, as in build
    from loaders.fetching.options import Fetching  # noqa: PLC0415  # as above

    fetching = Fetching.of(home, fetch_hosts, offline=offline)
    checked = check_target(target, data or _DATA, sources, _identity(base), fetching)
    reports = [source.report() for source in checked]
    if as_json:
        say_json([report.model_dump(mode="json") for report in reports])
    else:
        say_table(
            ["source", "file", "rows", "load", "set aside", "columns not mapped"],
            [
                [
                    report.name,
                    report.file,
                    f"{report.rows_read:,}",
                    f"{report.rows_loaded:,}",
                    f"{source.rows_aside:,}",
                    ", ".join(report.columns_unmapped),
                ]
                for source, report in zip(checked, reports, strict=True)
            ],
        )
        for line in noted(reports):
            say(line)
        _say_problems(reports)
    # What would stop a build stops this command too, after all has been told.
    enforce(checked)
    if any(report.quarantined for report in reports):
        raise typer.Exit(ExitCode.BUILD)


@app.command()
def serve(
    home: Home = _HOME,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Number of processes.")] = 2,
) -> None:
    """Serve the current release over HTTP."""
    import uvicorn  # noqa: PLC0415  # no other command needs the web server
    from uvicorn.supervisors import Multiprocess  # noqa: PLC0415  # as above

    from api.logs import configuration  # noqa: PLC0415  # as above

    release = Releases(home).current()
    _check_free(host, port)
    os.environ["SIKG_HOME"] = str(home.absolute())
    warn(f"Serving release {release.number} on http://{host}:{port} (Ctrl+C stops)")
    allow_connections()
    keep_memory_at_hand()
    config = uvicorn.Config(
        "api.app:create",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        loop="api.listening:new_loop",
        log_config=configuration(),
        log_level="warning",
        access_log=False,
        server_header=False,
        http="api.wire:Wire",
    )
    with metrics_folder(), suppress(KeyboardInterrupt):
        if workers == 1:
            uvicorn.Server(config).run()
        else:
            # No sockets are shared: every process opens its own.
            Multiprocess(config, sockets=cast("list[socket.socket]", None)).run()


@app.command()
def query(
    what: Annotated[
        str | None,
        typer.Argument(help="A query of the catalogue by name, a file, or - for standard input."),
    ] = None,
    parameters: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="A parameter: name=value.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", "-f", help="json, xml, csv, tsv; turtle, ntriples, jsonld …"),
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(help="Ask this SPARQL endpoint instead of the release.")
    ] = None,
    services: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-service",
            envvar="SIKG_SERVICE_ALLOW",
            help="An endpoint that the query may call by SERVICE.",
        ),
    ] = None,
    release: Annotated[int | None, typer.Option(help="Ask an earlier release.")] = None,
    home: Home = _HOME,
    as_json: Json = False,
) -> None:
    """Answer a query; without a name, list the catalogue."""
    if what is None:
        _list_catalogue(as_json=as_json)
        return
    chosen = "json" if as_json and form is None else form
    if endpoint is not None:
        asked = read_query(what, parameters or [], Identity())
        answer_from_endpoint(endpoint, asked, chosen)
        return
    dataset = Dataset.open(_release(Releases(home), release))
    asked = read_query(what, parameters or [], dataset.identity)
    answer_from_store(dataset.store, asked, chosen, services or [])


@app.command("map")
def draw_map(
    name: Annotated[str | None, typer.Argument(help="The map; without it, all are listed.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The HTML file to write.")] = None,
    language: Annotated[str, typer.Option("--lang", help="Language of the labels.")] = "en",
    release: Annotated[int | None, typer.Option(help="Draw an earlier release.")] = None,
    home: Home = _HOME,
) -> None:
    """Draw a map as one HTML file that needs nothing else."""
    from visualisations import maps  # noqa: PLC0415  # networkx, numpy: only here
    from visualisations.export import render_map  # noqa: PLC0415  # as above

    if name is None:
        say_table(
            ["map", "title"],
            [[spec.name, spec.title(language).text] for spec in maps.read_maps()],
        )
        return
    spec = maps.get(name)
    dataset = Dataset.open(_release(Releases(home), release))
    page = render_map(spec, dataset.store, dataset.identity, language=language)
    target = out or Path(f"{name}.html")
    with _written(target) as file:
        file.write(page.encode())
    say(f"{target}: {target.stat().st_size / 1024:,.0f} KiB")


@app.command()
def releases(home: Home = _HOME, as_json: Json = False) -> None:
    """List the kept releases."""
    kept, current = Releases(home).all(), Releases(home).current_number()
    if as_json:
        say_json(
            [
                {**item.manifest.model_dump(mode="json"), "current": item.number == current}
                for item in kept
            ]
        )
        return
    say_table(
        ["", "release", "built", "statements", "digest"],
        [
            [
                "→" if item.number == current else "",
                str(item.number),
                f"{item.manifest.created:%Y-%m-%d %H:%M:%S}",
                f"{item.manifest.statements:,}",
                "…" + item.manifest.digest[-12:],
            ]
            for item in kept
        ],
    )


@app.command()
def rollback(
    number: Annotated[
        int | None, typer.Argument(help="The release to serve; by default the one before.")
    ] = None,
    home: Home = _HOME,
) -> None:
    """Serve an earlier release again."""
    release = Releases(home).rollback(number)
    say(f"Release {release.number} is served now")


@app.command()
def token(
    name: Annotated[str | None, typer.Argument(help="Whose token; without it, all are listed.")] = (
        None
    ),
    scopes: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            help="A graph that may be written, or a beginning of graphs and *; by default all "
            "under id/graph/edits/.",
        ),
    ] = None,
    expires: Annotated[
        datetime | None, typer.Option(help="Until when it is valid, in local time.")
    ] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the token away.")] = False,
    tokens: Annotated[
        Path | None, typer.Option(envvar="SIKG_TOKENS", help="File of tokens.")
    ] = None,
    home: Home = _HOME,
    as_json: Json = False,
) -> None:
    """Make a token for writing and show it once; only its hash is kept."""
    from cli import writing  # noqa: PLC0415  # only here

    path = writing.token_file(home, tokens)
    if name is None:
        writing.list_tokens(path, as_json=as_json)
    elif revoke:
        writing.remove_token(path, name)
    else:
        writing.add_token(path, name, scopes or [], expires)


@app.command()
def audit(
    last: Annotated[int, typer.Option(min=1, help="How many of the latest writes.")] = 50,
    home: Home = _HOME,
    as_json: Json = False,
) -> None:
    """List who wrote what when."""
    from cli import writing  # noqa: PLC0415  # only here

    writing.list_writes(home, last, as_json=as_json)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="The file, or the folder, to write.")],
    form: Annotated[
        str | None, typer.Option("--format", "-f", help="By default told by the file's name.")
    ] = None,
    graph: Annotated[str | None, typer.Option(help="Only this named graph.")] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Write all files of the dump into a folder, with checksums."),
    ] = False,
    release: Annotated[int | None, typer.Option(help="Write an earlier release.")] = None,
    home: Home = _HOME,
) -> None:
    """Write the statements of a release to a file, packed if its name ends in .gz.

    nquads and trig hold all graphs with the receipts; the others the merged default graph.
    """
    chosen_release = _release(Releases(home), release)
    if everything:
        write_all(Releases(home), chosen_release, out)
        return
    packed = out.suffix == ".gz"
    chosen = _graph_format(form or (out.with_suffix("") if packed else out).suffix.lstrip("."))
    dataset = Dataset.open(chosen_release)
    with _written(out) as file, packing(file) if packed else nullcontext(file) as target:
        dataset.store.dump(target, chosen, graph=graph)
    say(f"{out}: {out.stat().st_size / 1024:,.0f} KiB of {chosen.name}")


@app.command()
def digest(
    file: Annotated[Path, typer.Argument(help="A dump as N-Quads, packed or not.")],
    base: Base = DEFAULT_BASE,
    home: Home = _HOME,
    as_json: Json = False,
) -> None:
    """Tell the digest of a dump, which is that of its release, wherever it has been."""
    tell_digest(file, _identity(base), Releases(home), as_json=as_json)


app.command()(workspaces.new_workspace)
correcting.register(app)
recording.register(app)
differing.register(app)
following.register(app)
matching.register(app)
privacy.register(app)
suggesting.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a user's mistake is told in one line, with its exit code."""
    try:
        workspaces.read_settings(Path(), app)
        app(arguments)
    except SikgError as error:
        warn(f"sikg: {error}")
        sys.exit(exit_code(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.FAILED)
    except OSError as error:
        warn(f"sikg: {disk_error(Path(error.filename or '.'), error)}")
        sys.exit(ExitCode.STORAGE)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


def _check_free(host: str, port: int) -> None:
    """Say in one line that nobody can listen there; the workers would each print their own."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        raise ParameterError(
            f"{host}:{port} cannot be listened on: {error.strerror or error}; "
            "choose another --host or --port"
        ) from error


def _identity(base: str) -> Identity:
    try:
        return Identity(base)
    except ValueError as error:
        raise ParameterError(str(error)) from error


@contextmanager
def _written(target: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes the place of the target when, and only when, all is written."""
    partial = target.with_name(target.name + ".part") if target.name else target
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(target)
    except OSError as error:
        raise ParameterError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            partial.unlink()


def _release(kept: Releases, number: int | None) -> Release:
    return kept.current() if number is None else kept.get(number)


def _say_problems(reports: Sequence[SourceReport], limit: int = 20) -> None:
    lines = [
        f"  {item.file}, row {item.row}, {item.column or 'row'}: {item.reason}"
        + (f" (value {item.value!r})" if item.value else "")
        for report in reports
        for item in report.quarantined
    ]
    for line in lines[:limit]:
        warn(line)
    if len(lines) > limit:
        warn(f"  … and {len(lines) - limit:,} more; --json or the report lists all")


def _list_catalogue(*, as_json: bool) -> None:
    catalogue = Catalogue.read()
    if as_json:
        say_json(
            [
                {
                    "name": item.name,
                    "title": item.title,
                    "description": item.description,
                    "parameters": [parameter.name for parameter in item.parameters],
                }
                for item in catalogue
            ]
        )
        return
    say_table(
        ["query", "title", "parameters"],
        [
            [item.name, item.title, ", ".join(parameter.name for parameter in item.parameters)]
            for item in catalogue
        ],
    )


def _graph_format(name: str) -> Format:
    found = by_name(GRAPH_FORMATS, name)
    if found is None:
        names = ", ".join(item.name for item in GRAPH_FORMATS)
        raise ParameterError(f"there is no format {name!r}; there are {names}")
    return found
