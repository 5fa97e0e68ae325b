"""Very many vectors that lie as the vectors of real passages lie, made from some thousand of them.

Each is a point on the arc between two real vectors, half the time near neighbours (one of the 50
nearest), half the time any two, plus noise with the covariance of the real ones, as long as the
distance from the first to its own nearest neighbour. So both the coarse structure (subjects) and
the fine one (passages that say nearly the same) are there. Against real passages it is the harder
task: around a question the intrinsic dimension (Levina and Bickel, NIPS 2004, of the 20 nearest) is
48 where it is 18 among the real ones, so neighbours differ by less.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

BLOCK = 20_000
NEIGHBOURS = 50
LEAST_NOISE, MOST_NOISE = 0.1, 1.2


@dataclass(frozen=True)
class Model:
    """Real vectors, the neighbours of each, its distance to the nearest, and the noise's root."""

    real: Matrix
    neighbours: NDArray[np.int64]
    distances: Matrix
    root: Matrix


def learn(real: Matrix) -> Model:
    """What is needed of the real vectors, which are of unit length."""
    real = np.unique(real.round(6), axis=0)
    cosines = real @ real.T
    np.fill_diagonal(cosines, -2)
    neighbours = np.argsort(-cosines, axis=1)[:, :NEIGHBOURS]
    nearest = np.take_along_axis(cosines, neighbours[:, :1], axis=1)
    distances = np.sqrt((2 - 2 * nearest).clip(0)).clip(LEAST_NOISE, MOST_NOISE)
    values, axes = np.linalg.eigh(np.cov(real.T))
    root = (axes * np.sqrt(values.clip(0))) @ axes.T
    return Model(real, neighbours, distances.astype(np.float32), root.astype(np.float32))


def blocks(model: Model, count: int) -> Iterator[Matrix]:
    """So many unit vectors, a block at a time; the same ones each time."""
    rng = np.random.default_rng(0)
    for first in range(0, count, BLOCK):
        yield _block(model, min(BLOCK, count - first), rng)


def _block(model: Model, count: int, rng: np.random.Generator) -> Matrix:
    start = rng.integers(len(model.real), size=count)
    near = model.neighbours[start, rng.integers(model.neighbours.shape[1], size=count)]
    far = rng.integers(len(model.real), size=count)
    end = np.where(rng.random(count) < 0.5, near, far)
    points = _between(model.real[start], model.real[end], rng.random((count, 1)))
    noise = rng.standard_normal(points.shape).astype(np.float32) @ model.root
    return _unit(points + model.distances[start] * _unit(noise))


def _between(starts: Matrix, ends: Matrix, shares: NDArray[Any]) -> Matrix:
    """Points at these shares of the arcs from start to end (spherical interpolation)."""
    angles = np.arccos((starts * ends).sum(axis=1, keepdims=True).clip(-1, 1)) + 1e-6
    points = np.sin((1 - shares) * angles) * starts + np.sin(shares * angles) * ends
    return np.asarray(points / np.sin(angles), dtype=np.float32)


def _unit(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
