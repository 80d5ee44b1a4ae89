"""The ways of writing are well written, and their curves go where they say."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_studio.engine.handwriting.curves import POINTS, stack, ways
from cnn_studio.engine.handwriting.way import Way
from cnn_studio.engine.handwriting.ways import WAYS

TABLE = ways()


def _path(way: int, shape: int = 0) -> np.ndarray:
    path: np.ndarray = TABLE.basis[way] @ TABLE.shapes[way, shape]
    return path


def test_every_digit_is_written_in_several_ways():
    assert sorted(WAYS) == list(range(10))
    assert all(len(some) >= 5 for some in WAYS.values())
    for digit in range(10):
        assert TABLE.share[TABLE.digit == digit].sum() == pytest.approx(1)
    assert (TABLE.share > 0.01).all()


@pytest.mark.parametrize("way", range(len(TABLE.digit)))
def test_shapes_lie_about_the_unit_box_and_paths_near_their_points(way):
    for shape in range(TABLE.count[way]):
        points = TABLE.shapes[way, shape]
        assert points.min() > -0.15
        assert points[:, 0].max() < 1.4
        assert points[:, 1].max() < 1.15
        path = _path(way, shape)
        assert np.isfinite(path).all()
        used = np.abs(TABLE.basis[way]).max(axis=0) > 0
        nearest = np.hypot(*(points[used][:, None] - path).transpose(2, 0, 1)).min(axis=1)
        assert nearest.max() < 0.06


def test_paths_are_straight_where_points_are_in_a_row():
    table = stack({1: [Way(1, ("10,0 10,50 10,100",))]})
    path = table.basis[0] @ table.shapes[0, 0]
    assert path[:, 0] == pytest.approx(np.full(POINTS, 0.1))
    assert (np.diff(path[table.drawn[0].argmin() :, 1]) >= 0).all()
    assert path[0, 1] == pytest.approx(0)
    assert path[-1, 1] == pytest.approx(1)


def test_a_star_makes_a_corner():
    round_, sharp = (stack({7: [Way(1, (shape,))]}) for shape in ("0,0 50,0 50,50", "0,0 50,0* 50,50"))
    turns = []
    for table in (round_, sharp):
        step = np.diff(table.basis[0] @ table.shapes[0, 0], axis=0)
        step = step[np.hypot(*step.T) > 1e-9]
        angle = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
        turns.append(np.abs(np.diff(angle)).max())
    assert turns[1] == pytest.approx(np.pi / 2)
    assert turns[0] < np.pi / 8


def test_a_slash_lifts_the_pen():
    table = stack({4: [Way(1, ("0,0 0,50 50,50 / 40,20 40,60 40,100",))]})
    path, drawn = table.basis[0] @ table.shapes[0, 0], table.drawn[0]
    jump = np.hypot(*np.diff(path, axis=0).T)
    assert not drawn[jump.argmax()]
    assert drawn.sum() >= POINTS - 6
    assert (table.ends[0] >= 0).all(axis=1).sum() == 4


@pytest.mark.parametrize("other", ["0,0 50,50", "0,0 20,20* 50,50", "0,0 20,20 / 50,50 60,60"])
def test_shapes_that_cannot_be_mixed_are_refused(other):
    with pytest.raises(ValueError, match="strokes"):
        stack({1: [Way(1, ("0,0 20,20 50,50", other))]})
