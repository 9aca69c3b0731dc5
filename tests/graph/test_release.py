"""Releases are whole, numbered and switched at once; whatever happens, one stays served."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.digest import Digest
from graph.errors import (
    BuildError,
    NoReleaseError,
    NotFoundError,
    StorageError,
    disk_error,
)
from graph.formats import GRAPH_FORMATS
from graph.release import Manifest, Release, Releases
from graph.store import new_buffer

ROOT = Path(__file__).parents[2]
NQUADS = GRAPH_FORMATS[2]


def manifest(number: int, **changes: object) -> Manifest:
    return Manifest.model_validate(
        {
            "number": number,
            "created": datetime(2026, 1, 1, tzinfo=UTC),
            "base": "http://localhost:8000/",
            "digest": "0" * 128,
            "statements": 1,
            "quads": 1,
            "conforms": True,
            "software": "0",
            "ontology": "0",
            "sources": (),
            **changes,
        }
    )


def publish(releases: Releases) -> Release:
    """Publish a folder with nothing in it but a note."""
    with releases.draft() as folder:
        final = folder / "release"
        final.mkdir()
        (final / "note").write_text("whole")
        return releases.publish(final, manifest(releases.next_number()))


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "home", keep=3)


def leftovers(home: Path) -> list[str]:
    return [path.name for path in home.glob("draft-*")]


# Numbers


def test_releases_are_numbered_from_one(releases: Releases) -> None:
    assert releases.next_number() == 1
    assert [publish(releases).number for _ in range(3)] == [1, 2, 3]
    assert releases.numbers() == [1, 2, 3]
    assert [release.number for release in releases.all()] == [1, 2, 3]


def test_the_newest_is_served(releases: Releases) -> None:
    for number in (1, 2):
        publish(releases)
        assert releases.current_number() == number
        assert releases.current().number == number


def test_the_last_are_kept(releases: Releases) -> None:
    for _ in range(5):
        publish(releases)
    assert releases.numbers() == [3, 4, 5]
    assert leftovers(releases.home) == []


@pytest.mark.parametrize("keep", [1, 0, -3])
def test_at_least_the_served_one_is_kept(tmp_path: Path, keep: int) -> None:
    releases = Releases(tmp_path, keep=keep)
    publish(releases)
    publish(releases)
    assert releases.numbers() == [2]
    assert releases.current().number == 2


def test_no_number_is_given_twice(releases: Releases) -> None:
    """Not after a rollback either, and not while the newest is not served."""
    for _ in range(3):
        publish(releases)
    releases.rollback(2)
    assert releases.next_number() == 4
    releases.rollback(3)
    shutil.rmtree(releases.get(3).path)
    assert releases.next_number() == 4
    assert publish(releases).number == 4


def test_other_things_in_the_folder_are_none_of_them(releases: Releases) -> None:
    publish(releases)
    for name in ("notes", "²", "٣", "000009.bak", "-1"):
        (releases.home / "releases" / name).mkdir()
    (releases.home / "releases" / "000007").write_text("a file")
    assert releases.numbers() == [1]


def test_an_unknown_release_is_told_with_those_that_are_kept(releases: Releases) -> None:
    with pytest.raises(NotFoundError, match=r"release 9 is not kept here \(kept: none\)"):
        releases.get(9)
    publish(releases)
    publish(releases)
    with pytest.raises(NotFoundError, match=r"kept: 1, 2"):
        releases.get(9)


def test_before_the_first_there_is_none(releases: Releases) -> None:
    assert releases.numbers() == []
    assert releases.all() == []
    assert releases.current_number() is None
    with pytest.raises(NoReleaseError, match="run sikg build"):
        releases.current()
    with pytest.raises(NotFoundError, match="no release before"):
        releases.rollback()


# Rollback


def test_the_one_before_is_served_again(releases: Releases) -> None:
    for _ in range(3):
        publish(releases)
    assert releases.rollback().number == 2
    assert releases.rollback().number == 1
    assert releases.current().number == 1
    with pytest.raises(NotFoundError, match="no release before 1 is kept"):
        releases.rollback()
    assert releases.current().number == 1


def test_any_kept_one_can_be_chosen(releases: Releases) -> None:
    for _ in range(3):
        publish(releases)
    assert releases.rollback(1).number == 1
    assert releases.rollback(3).number == 3
    with pytest.raises(NotFoundError, match="release 7 is not kept"):
        releases.rollback(7)
    assert releases.current().number == 3


def test_the_served_one_is_kept_however_old(releases: Releases) -> None:
    """A rollback may come between the switch of a build and its removal of old releases."""
    for _ in range(3):
        publish(releases)
    releases.rollback(1)
    Releases(releases.home, keep=1).prune()
    assert releases.numbers() == [1, 3]
    assert releases.current().number == 1


def test_a_damaged_release_is_not_served(releases: Releases) -> None:
    publish(releases)
    publish(releases)
    (releases.get(1).path / "manifest.json").write_text("{")
    with pytest.raises(StorageError):
        releases.rollback(1)
    assert releases.current().number == 2


def test_it_mends_a_damaged_pointer(releases: Releases) -> None:
    publish(releases)
    (releases.home / "current").write_text("")
    releases.rollback(1)
    assert releases.current().number == 1


# Drafts


def test_a_draft_is_an_empty_folder_that_goes_in_the_end(releases: Releases) -> None:
    with releases.draft() as folder:
        assert list(folder.iterdir()) == []
        assert folder.parent == releases.home
        (folder / "file").write_text("x")
    assert leftovers(releases.home) == []


def test_a_failed_build_leaves_nothing_and_switches_nothing(releases: Releases) -> None:
    publish(releases)

    def fail() -> None:
        with releases.draft() as folder:
            (folder / "file").write_text("x")
            raise BuildError("for a reason")

    with pytest.raises(BuildError, match="for a reason"):
        fail()
    assert leftovers(releases.home) == []
    assert releases.current().number == 1


def test_what_killed_builds_left_is_removed(releases: Releases) -> None:
    publish(releases)
    (releases.home / "draft-old" / "work").mkdir(parents=True)
    (releases.home / "draft-old" / "work" / "file").write_text("x")
    (releases.home / "current.new").write_text("")
    with releases.draft() as folder:
        assert leftovers(releases.home) == [folder.name]
    assert publish(releases).number == 2


def test_one_process_builds_at_a_time(releases: Releases) -> None:
    publish(releases)
    script = """
        import sys, time
        from pathlib import Path
        from graph.release import Releases
        with Releases(Path(sys.argv[1])).draft() as folder:
            (folder / "mine").touch()
            print(folder.name, flush=True)
            sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(releases.home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        with pytest.raises(BuildError, match="another build is running"), releases.draft():
            pytest.fail("two builds at once")
        # The other one's draft is no leftover.
        assert (releases.home / name / "mine").exists()
        # A release can be chosen all the same.
        assert releases.rollback(1).number == 1
        other.communicate()
    with releases.draft():
        assert leftovers(releases.home) != [name]


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as told, Releases(tmp_path / "file").draft():
        pytest.fail("a folder in a file")
    assert str(tmp_path / "file") in str(told.value)


def test_a_disk_that_is_full_at_the_last_step_switches_nothing(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(releases)
    original = Path.replace

    def full(path: Path, target: Path) -> Path:
        if path.name == "current.new":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageError, match="the disk is full"):
        publish(releases)
    assert releases.current().number == 1
    assert releases.numbers() == [1]
    assert leftovers(releases.home) == []


def test_a_disk_that_fails_to_keep_what_was_written_switches_nothing(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some tell of a full disk only when the file is synchronised."""
    publish(releases)

    original = os.fsync

    def full(descriptor: int) -> None:
        if os.fstat(descriptor).st_size == len("whole"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        original(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="the disk is full"):
        publish(releases)
    assert releases.current().number == 1
    assert releases.numbers() == [1]


def test_a_disk_that_cannot_synchronise_folders_is_good_enough(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.fsync

    def unable(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        original(descriptor)

    monkeypatch.setattr(os, "fsync", unable)
    assert publish(releases).number == 1


# Damage


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the whole"),
        (b"{", "the whole"),
        (b"\xff\xfe", "the whole"),
        (b"[]", "the whole"),
        (b"{}", "number: Field required"),
        (manifest(1).model_dump_json().replace("8000/", "8000").encode(), "base"),
        (manifest(1).model_dump_json().replace('"quads":1', '"quads":"x"').encode(), "quads"),
    ],
)
def test_a_damaged_manifest_is_told_in_one_line(
    releases: Releases, content: bytes, told: str
) -> None:
    release = publish(releases)
    (release.path / "manifest.json").write_bytes(content)
    with pytest.raises(StorageError) as error:
        releases.current()
    assert str(release.path) in str(error.value)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_without_manifest_is_no_release(releases: Releases) -> None:
    release = publish(releases)
    (release.path / "manifest.json").unlink()
    with pytest.raises(NotFoundError, match="there is no release in"):
        releases.current()


@pytest.mark.parametrize("content", [b"", b"one", b"-1", b"1.5", b"\xff", b"1" * 50, b"1\n2"])
def test_a_damaged_pointer_is_told_and_the_next_build_mends_it(
    releases: Releases, content: bytes
) -> None:
    publish(releases)
    (releases.home / "current").write_bytes(content)
    with pytest.raises(StorageError, match="names no release: run sikg rollback"):
        releases.current()
    assert publish(releases).number == 2
    assert releases.current().number == 2


def test_a_pointer_to_a_release_that_is_gone_is_told(releases: Releases) -> None:
    shutil.rmtree(publish(releases).path)
    with pytest.raises(NotFoundError, match="release 1 is not kept"):
        releases.current()


def test_the_words_of_the_disk_are_made_one_sentence(tmp_path: Path) -> None:
    full = "the disk is full at"
    assert full in str(disk_error(tmp_path, OSError(errno.ENOSPC, "x")))
    assert full in str(disk_error(tmp_path, OSError(errno.EFBIG, "x")))
    assert full in str(disk_error(tmp_path, OSError("IO error: No space left on device: a")))
    assert full in str(disk_error(tmp_path, ValueError("An IO error: 'File too large'")))
    denied = disk_error(tmp_path, PermissionError(errno.EACCES, "Permission denied", "/a/b"))
    assert str(denied) == "the disk refused at /a/b: Permission denied"
    assert str(disk_error(tmp_path, OSError("two\nlines"))).endswith(": two lines")


MAPPING = """\
name: communities
title: Communities
publisher: The maintainers
licence: https://creativecommons.org/licenses/by/4.0/
version: "1"
retrieved: 2026-01-01
rows: {file: communities.csv}
entities:
  community:
    type: community
    class: CommunityOfPractice
    key: "{id}"
    unique: true
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: dcterms:description, column: text, lang: en}
ignore: []
examples:
  - row: {id: a, name: A, text: B}
    turtle: |
      <id/community/a> a sikg:CommunityOfPractice ; skos:prefLabel "A"@en ;
        dcterms:description "B"@en .
"""
COMMAND = "import sys; from cli.main import main; main(sys.argv[1:])"


ROWS = 1500


class Workshop:
    """A home, a small table and its mapping, and the real command that builds from them."""

    def __init__(self, folder: Path, rows: int = ROWS) -> None:
        self.home = folder / "home"
        self.sources, self.data = folder / "sources", folder / "data"
        self.sources.mkdir(parents=True)
        self.data.mkdir()
        (self.sources / "communities.yaml").write_text(MAPPING)
        with (self.data / "communities.csv").open("w") as file:
            file.write("id,name,text\n")
            file.writelines(f"c{row},Community {row},{'word ' * 40}\n" for row in range(rows))

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment in which the command finds all of this."""
        return {
            **os.environ,
            "SIKG_HOME": str(self.home),
            "SIKG_DATA": str(self.data),
            "SIKG_SOURCES": str(self.sources),
        }

    def start(self, *, before: str = "") -> subprocess.Popen[str]:
        """Start a build, and let a statement run before it."""
        return subprocess.Popen(
            [sys.executable, "-c", before + COMMAND, "build"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build(self, *, before: str = "") -> tuple[int, str]:
        """Build; give the exit code and what was said on standard error."""
        with self.start(before=before) as process:
            _, err = process.communicate(timeout=120)
        return process.returncode, err


def content(home: Path) -> tuple[int, str]:
    """Open the served release; give its number and a digest of all that it answers."""
    dataset = Dataset.open(Releases(home).current())
    body = new_buffer()
    dataset.store.dump(body, NQUADS)
    digest = Digest()
    # Where two builds differ: statistics and catalogue say of which release they are.
    version = re.compile(rb".*(?:owl#versionInfo> .*/id/graph/void|/id/graph/catalogue)> \.")
    lines = body.getvalue().splitlines()
    digest.add_lines(line for line in lines if not version.fullmatch(line))
    assert dataset.search.search("community") != []
    return dataset.release.number, digest.hexdigest()


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    made = Workshop(tmp_path_factory.mktemp("workshop"))
    assert made.build() == (0, "")
    return made


MOMENTS = (
    "draft-*",
    "draft-*/work/*.nq",
    "draft-*/work/store/CURRENT",
    "draft-*/work/store/*.sst",
    "draft-*/release/search/meta.json",
    "draft-*/release/store",
    "draft-*/release/store/CURRENT",
    "draft-*/release/report.json",
    "draft-*/release/manifest.json",
)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_at_any_moment_leaves_the_one_before_served(
    workshop: Workshop, moment: str
) -> None:
    before = content(workshop.home)
    with workshop.start() as process:
        while process.poll() is None and not any(workshop.home.glob(moment)):
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    number, digest = content(workshop.home)
    if process.returncode == 0:
        pytest.skip("the build was done before it could be killed")
    assert process.returncode == -signal.SIGKILL
    assert digest == before[1]
    # The last moments are so short that the switch may have come before the signal.
    assert number == before[0] or moment.startswith("draft-*/release/")


def test_the_build_after_killed_ones_is_clean(workshop: Workshop) -> None:
    number, digest = content(workshop.home)
    (workshop.home / "draft-left" / "work").mkdir(parents=True)
    assert workshop.build() == (0, "")
    assert content(workshop.home) == (Releases(workshop.home).numbers()[-1], digest)
    assert content(workshop.home)[0] > number
    assert leftovers(workshop.home) == []


def told_of_a_full_disk(code: int, err: str) -> bool:
    return (
        code == 5
        and err.startswith("sikg: the disk is full at ")
        and err.count("\n") == 1
        and "Traceback" not in err
    )


@pytest.mark.parametrize("kibibytes", [0, 1, 8, 64, 256])
def test_a_build_that_may_write_no_large_file_leaves_the_one_before_served(
    workshop: Workshop, kibibytes: int
) -> None:
    before = content(workshop.home)
    limit = kibibytes * 1024
    code, err = workshop.build(
        before=f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
    )
    assert told_of_a_full_disk(code, err), (code, err)
    assert content(workshop.home) == before
    assert leftovers(workshop.home) == []


PLENTY = 16_000  # KiB; the build takes half of it


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Give a workshop whose home is a disk of its own, with one release on it."""
    made = Workshop(tmp_path_factory.mktemp("disk"))
    made.home.mkdir()
    mount = shutil.which("mount")
    if mount is None:
        pytest.skip("there is no mount command here")
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(made.home)],
        capture_output=True,
        check=False,
        text=True,
    )
    if mounted.returncode:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.strip()}")
    try:
        assert made.build() == (0, "")
        yield made
    finally:
        subprocess.run(["umount", "--lazy", str(made.home)], check=True)


@pytest.mark.parametrize("free", [0, 16, 500, 1000, 2000, 3000, PLENTY])
def test_a_build_on_a_full_disk_leaves_the_one_before_served(
    small_disk: Workshop, free: int
) -> None:
    before = content(small_disk.home)
    filler = small_disk.home / "filler"
    available = shutil.disk_usage(small_disk.home).free
    filler.write_bytes(b"x" * max(available - free * 1024, 0))
    try:
        code, err = small_disk.build()
    finally:
        filler.unlink()
    if free == PLENTY:
        assert code == 0, err
        assert content(small_disk.home)[1] == before[1]
        return
    assert told_of_a_full_disk(code, err), (code, err)
    assert content(small_disk.home) == before
    assert leftovers(small_disk.home) == []


def test_the_command_tells_a_second_build(workshop: Workshop) -> None:
    with Releases(workshop.home).draft():
        code, err = workshop.build()
    assert code == 4
    assert err == f"sikg: another build is running in {workshop.home}; wait for it to end\n"


def test_a_manifest_says_what_was_built(workshop: Workshop) -> None:
    release = Releases(workshop.home).current()
    written = json.loads((release.path / "manifest.json").read_text(encoding="utf-8"))
    [source] = release.manifest.sources
    assert written["number"] == release.number
    assert (source.name, source.rows_read, source.rows_loaded) == ("communities", ROWS, ROWS)
    assert release.report_path.is_file()
    with suppress(StorageError):
        assert Dataset.open(release).release.manifest.quads > 4 * ROWS
