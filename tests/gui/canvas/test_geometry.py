"""Laws of places, views and ways, without Qt."""

from hypothesis import given
from hypothesis import strategies as st

from cnn_studio.core import placing
from cnn_studio.core.arrange import arrange
from cnn_studio.core.document import Document
from cnn_studio.core.edits import move
from cnn_studio.core.grouping import fold
from cnn_studio.core.starters import open_starter, starter_names
from cnn_studio.gui.canvas import geometry, routing
from cnn_studio.gui.canvas.geometry import Box, View, card_box
from cnn_studio.gui.canvas.scene import Scene

places = st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000))
views = st.builds(View, st.floats(0.05, 4), st.floats(-5000, 5000), st.floats(-5000, 5000))
boxes = st.builds(lambda one, other: geometry.box_between(one, other).grown(1), places, places)


def near(one, other, by=1e-3):
    return all(abs(a - b) <= by * max(1, abs(a)) for a, b in zip(one, other, strict=True))


@given(views, places)
def test_a_view_goes_there_and_back(view, point):
    assert near(view.to_scene(view.to_screen(point)), point)


@given(views, st.floats(0.1, 10), places)
def test_zooming_keeps_what_is_under_the_pointer(view, factor, pixel):
    zoomed = view.zoomed(factor, pixel)
    assert near(zoomed.to_scene(pixel), view.to_scene(pixel))
    assert geometry.SMALLEST <= zoomed.scale <= geometry.LARGEST


@given(boxes)
def test_a_fitted_box_is_seen_whole_or_as_small_as_can_be(box):
    view = geometry.fitted(box, (800, 600))
    seen = view.box_on_screen(box)
    assert view.scale == geometry.SMALLEST or (
        seen.left >= 27 and seen.top >= 27 and seen.right <= 773 and seen.bottom <= 573
    )


@given(views, boxes)
def test_what_is_revealed_is_seen(view, box):
    seen = geometry.revealing(view, box, (1200, 900), 10).box_on_screen(box)
    assert seen.left >= 9
    assert seen.top >= 9
    if seen.width < 1100 and seen.height < 800:
        assert seen.right <= 1191
        assert seen.bottom <= 891


@given(st.floats(-1e6, 1e6))
def test_snapping_goes_to_the_nearest_line_and_stays(value):
    there = geometry.snapped(value)
    assert abs(there - value) <= geometry.GRID / 2 + 1e-6
    assert geometry.snapped(there) == there


@given(places, places, st.lists(places, max_size=8))
def test_a_way_leads_from_port_to_port(start, end, others):
    one, other = card_box(*start), card_box(*end)
    cards = [card_box(*place) for place in others]
    path = routing.route(one, other, lambda box: (card for card in cards if card.touches(box)))
    assert path.start == routing.out_port(one)
    assert path.end == routing.in_port(other)
    assert routing.distance(path, path.start) < 1e-6
    assert routing.distance(path, routing.middle(path)) < 3


def test_cables_of_all_arranged_starters_pass_no_card():
    for name in starter_names():
        scene = Scene(open_starter(name).graph)
        for link in scene.cables:
            others = [card.box for key, card in scene.cards.items() if key not in link]
            assert routing.is_free(scene.path(link), others), (name, link)


def test_ways_that_come_back_run_round_the_frame_that_they_enter():
    graph = open_starter("googlenet").graph
    entered = 0
    for key in graph.groups:
        scene = Scene(placing.folded(graph, key, False))
        frame = scene.frames[key]
        for link in scene.cables:
            path = scene.path(link)
            if link[1] in frame.keys and link[0] not in frame.keys and path.end[0] < path.start[0]:
                inside = [point for point in path.points() if frame.box.holds(point)]
                assert all(abs(y - path.end[1]) < 0.5 for _x, y in inside), link
                entered += 1
    assert entered >= 4


def test_a_scene_that_follows_is_the_scene_made_anew():
    document = Document(open_starter("googlenet"))
    scene = Scene(document.graph)
    document.listen(lambda change: scene.follow(change) and None)
    edits = [
        lambda graph: fold(graph, "inception3a", False),
        lambda graph: move(graph, arrange(graph)),
        lambda graph: move(graph, {"conv1": (500, 500)}),
        lambda graph: move(graph, {"inception3a_relu1": (500, -900)}),
        lambda graph: fold(graph, "inception3a", True),
    ]
    for edit in edits:
        document.edit(edit(document.graph))
        fresh = Scene(document.graph)
        assert scene.cards == fresh.cards
        assert scene.cables == fresh.cables
        assert {key: frame.box for key, frame in scene.frames.items()} == {
            key: frame.box for key, frame in fresh.frames.items()
        }
        assert all(scene.path(link) == fresh.path(link) for link in scene.cables)


@given(places)
def test_the_border_pulls_only_at_the_border(pixel):
    dx, dy = geometry.border_pull(pixel, (800, 600))
    inside = Box(36, 36, 764, 564).holds(pixel)
    assert not inside or (dx, dy) == (0, 0)
    assert abs(dx) <= 24
    assert abs(dy) <= 24
