"""Texts: many short texts in one file, read by their number without loading the rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_array(path: Path, values: NDArray[np.generic]) -> None:
    """Write an array to a file of its own."""
    np.save(path, values, allow_pickle=False)


def read_array(path: Path) -> NDArray[Any]:
    """Open an array; processes that read the same file share its memory."""
    if path.stat().st_size == 0:
        raise ValueError(f"{path.name} is empty")
    # As a plain array over the same memory, since each slice of the other kind is told of its file.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


class Texts:
    """Texts by number."""

    def __init__(self, folder: Path, name: str) -> None:
        self._starts = read_array(folder / f"{name}.npy")
        path = folder / f"{name}.txt"
        self._bytes = np.asarray(np.memmap(path, mode="r", dtype=np.uint8))

    @staticmethod
    def write(folder: Path, name: str, texts: Sequence[str]) -> None:
        """Write texts; each line of the file is one, whatever is in it."""
        encoded = [f"{text}\n".encode("utf-8", "replace") for text in texts]
        starts = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in encoded], out=starts[1:])
        (folder / f"{name}.txt").write_bytes(b"".join(encoded) or b"\n")
        write_array(folder / f"{name}.npy", starts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        first, last = int(self._starts[number]), int(self._starts[number + 1])
        return self._bytes[first : last - 1].tobytes().decode("utf-8")
