"""Short signatures of rows, by which those that are almost the same find each other without comparing every pair.

MinHash (Broder, "On the resemblance and containment of documents", 1997) by the R-MinHash of `rensa`: the share of
equal places in two signatures estimates the share of common words. One byte a place is enough (b-bit MinHash, Li and
König, arXiv:0910.3349). Question and answer have 64 places each; four bytes, two of each, make a band, and rows with
an equal band are compared: so both texts have to be alike, not one long answer alone.

Memory: 136 bytes a row.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLACES = 64  # of each of the two texts
NUM_BANDS = PLACES // 2
_BATCH = 1_000  # rows signed at once
_SEED = 42
_NEXT_IN_BAND = 2  # each row is compared with so many that come after it in a band, however many there are
_AT_ONCE = 20_000  # pairs whose signatures are compared at once
_MIX = np.uint32(0x9E3779B1)  # Knuth's multiplier: the upper byte of the product depends on every bit

Pairs = NDArray[np.int64]  # (pairs, 2): places in `Signatures.rows`, the earlier one first


class Signatures:
    """Takes rows one after another."""

    def __init__(self) -> None:
        self._rows = array("q")
        self._bytes = bytearray()
        self._waiting: tuple[list[Sequence[str]], list[Sequence[str]], list[int]] = ([], [], [])

    def add(self, row: int, question: Sequence[str], answer: Sequence[str], seal: int) -> None:
        """One row by the words of its question and of its answer.

        seal: a hash of all that has to be equal (numbers, the system turn); rows that differ in it never meet.
        """
        questions, answers, seals = self._waiting
        self._rows.append(row)
        questions.append(question or ("",))
        answers.append(answer or ("",))
        seals.append(seal & 0xFFFFFFFF)
        if len(seals) == _BATCH:
            self._sign()

    @property
    def rows(self) -> NDArray[np.int64]:
        """The numbers of the rows that were added."""
        return np.array(self._rows, np.int64)

    @property
    def matrix(self) -> NDArray[np.uint8]:
        """The signatures, (rows, 128); four bytes in a row are a band: two of the question, two of the answer."""
        self._sign()
        return np.frombuffer(self._bytes, np.uint8).reshape(-1, 2 * PLACES)

    def _sign(self) -> None:
        from rensa import RMinHash

        questions, answers, seals = self._waiting
        if not seals:
            return
        places = np.empty((len(seals), NUM_BANDS, 2, 2), np.uint8)
        for side, texts in enumerate((questions, answers)):
            digests = np.array(RMinHash.digests_from_token_sets(texts, PLACES, _SEED), np.uint32)
            places[:, :, side] = (digests * _MIX >> 24).astype(np.uint8).reshape(-1, NUM_BANDS, 2)
        sealed = places.reshape(len(seals), -1).view(np.uint32) ^ np.array(seals, np.uint32)[:, None]
        self._bytes += sealed.tobytes()
        self._waiting = ([], [], [])


@dataclass(frozen=True)
class Suspects:
    """Pairs that may be alike. estimates: the share of words in common, of the side where it is smaller."""

    pairs: Pairs
    estimates: NDArray[np.float64]


def alike(matrix: NDArray[np.uint8], pairs: Pairs, least: float) -> Suspects:
    """Those of the pairs whose questions and whose answers share an estimated `least` of their words; best first."""
    estimates = np.empty(len(pairs))
    for start in range(0, len(pairs), _AT_ONCE):
        one, other = pairs[start : start + _AT_ONCE].T
        # Sums of four bytes at once: none can pass 32, the number of bands.
        equal = (matrix[one] == matrix[other]).view(np.uint32).sum(axis=1, dtype=np.uint32)
        sides = equal.view(np.uint8).reshape(-1, 2, 2).sum(axis=2)
        estimates[start : start + _AT_ONCE] = sides.min(axis=1) / PLACES
    kept = np.flatnonzero(estimates >= least)
    kept = kept[np.argsort(-estimates[kept], kind="stable")]
    return Suspects(pairs[kept], estimates[kept])


def neighbours(matrix: NDArray[np.uint8]) -> Iterator[Pairs]:
    """By band, pairs of rows that are equal in it: at most two for each row, those equal in the next band first."""
    for band in range(NUM_BANDS):
        keys = _keys(matrix, band)
        order = np.argsort(keys, kind="stable")
        bands = keys[order] >> np.uint64(32)
        found = []
        for step in range(1, _NEXT_IN_BAND + 1):
            meet = np.flatnonzero(bands[step:] == bands[:-step])
            found.append(np.stack([order[meet], order[meet + step]], axis=1))
        yield np.sort(np.concatenate(found), axis=1)


def _keys(matrix: NDArray[np.uint8], band: int) -> NDArray[np.uint64]:
    """The band of each row, and below it the next one, so that the most alike come to lie side by side."""
    bands = matrix.view(np.uint32)
    following = bands[:, (band + 1) % NUM_BANDS].astype(np.uint64)
    keys: NDArray[np.uint64] = (bands[:, band].astype(np.uint64) << np.uint64(32)) | following
    return keys
