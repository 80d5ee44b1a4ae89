"""Automatic places: columns by depth, the longest way through straight, everything else in lanes beside it.

A connection that spans columns gets a lane of its own, free of entries, so that no edge runs through one. What
is too wide for a page goes on in a further row, broken where a single connection crosses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cnn_studio.core.export.figure.scene import Entry, Scene

GAP = 34.0
"""Between columns: room for the edges to change lanes."""
LANE_GAP = 16.0
"""Between entries one above the other."""
SKIP = 14.0
"""Half the height that a passing connection keeps free."""
CLIMB = 0.12
"""How much wider a gap is for each point that an edge climbs in it."""
ROW_GAP = 46.0
ROW_COST, FRAME_COST = 0.25, 0.6
"""What a further row costs, and one that cuts a group in two, beside the squared shares by which rows miss the width."""
DESCENT = 24.0
"""How much farther away a passing connection may run to stay above."""
STEP = 4.0
"""How finely free places are looked for."""


@dataclass(eq=False)
class Bar:
    """Entries one after the other, each with its column, and the passing connection that continues them, on one height.

    ``first`` and ``last`` are the columns that it takes.
    """

    entries: list[tuple[int, Entry]]
    first: int
    last: int
    y: float = 0.0

    def reach(self, other: Bar) -> tuple[float, float]:
        """How far it reaches above and below its height, in the columns that another bar takes too."""
        near = [entry for column, entry in self.entries if other.first <= column <= other.last]
        up = max([SKIP, *(entry.up + LANE_GAP / 2 for entry in near)])
        return up, max([SKIP, *(entry.down + LANE_GAP / 2 for entry in near)])


@dataclass
class Placed:
    """The result: column of each entry, edges of the columns, and the lane of each connection that passes some.

    ``rows`` gives for each column its row, ``gutters`` the height of the free way below each row.
    """

    scene: Scene
    column: dict[str, int]
    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    lanes: dict[tuple[str, str], float] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    gutters: list[float] = field(default_factory=list)


def place(scene: Scene, width: float) -> Placed:
    """Give every entry its x and y. ``width`` is that of a page in points; 0 means one row."""
    placed = Placed(scene, depths(scene))
    if not scene.entries:
        return placed
    _set_lanes(placed)
    _set_columns(placed)
    _set_rows(placed, width)
    return placed


def depths(scene: Scene) -> dict[str, int]:
    """Column of each entry: one after the last of those that feed it; what stands on a cycle comes behind the rest."""
    sources, users = scene.sources(), scene.users()
    missing = {entry: len(found) for entry, found in sources.items()}
    waiting = [entry for entry, count in missing.items() if count == 0]
    depth: dict[str, int] = {}
    for entry in waiting:  # grows while it is walked
        depth[entry] = max((depth[source] + 1 for source in sources[entry]), default=0)
        for user in users[entry]:
            missing[user] -= 1
            if missing[user] == 0:
                waiting.append(user)
    for entry in scene.entries:
        if entry not in depth:
            depth[entry] = 1 + max(depth.values(), default=-1)
    return depth


def _main_line(placed: Placed) -> list[str]:
    """The entries of the longest way from a beginning to an end."""
    length: dict[str, int] = {}
    previous: dict[str, str] = {}
    sources = placed.scene.sources()
    for entry in sorted(placed.scene.entries, key=lambda entry: placed.column[entry]):
        before = [source for source in sources[entry] if placed.column[source] < placed.column[entry]]
        best = max(before, key=lambda source: length[source], default=None)
        length[entry] = 1 + (length[best] if best else 0)
        if best:
            previous[entry] = best
    line = [max(length, key=lambda entry: length[entry])]
    while line[-1] in previous:
        line.append(previous[line[-1]])
    return line[::-1]


def _bars(placed: Placed) -> tuple[list[Bar], dict[tuple[str, str], Bar]]:
    """The main line, then all other chains and passing connections, short ones first; and the bar of each long link."""
    scene, column = placed.scene, placed.column
    users, sources = scene.users(), scene.sources()
    line = _main_line(placed)
    main = Bar([(column[entry], scene.entries[entry]) for entry in line], column[line[0]], column[line[-1]])
    bars: list[Bar] = []
    bar_of = dict.fromkeys(line, main)
    for entry in sorted(scene.entries, key=lambda entry: column[entry]):
        if entry in bar_of:
            continue
        before = sources[entry][0] if len(sources[entry]) == 1 else ""
        bar = bar_of.get(before, main)
        if bar is main or len(users[before]) > 1 or column[before] != column[entry] - 1:
            bar = Bar([], column[entry], column[entry])
            bars.append(bar)
        bar.entries.append((column[entry], scene.entries[entry]))
        bar.last = column[entry]
        bar_of[entry] = bar
    passing = {}
    for source, target in scene.links:
        first, last = column[source] + 1, column[target] - 1
        if last < first - 1:  # against the flow
            first, last = column[target], column[source]
        if first > last:
            continue
        bar = bar_of[source]
        if bar is not main and len(users[source]) == 1 and bar.last == first - 1:
            bar.last = last
        else:
            bar = Bar([], first, last)
            bars.append(bar)
        passing[source, target] = bar
    reached = _feeding(scene, line[-1])

    def rank(bar: Bar) -> tuple[bool, int, bool]:
        aside = any(entry.id not in reached for _column, entry in bar.entries)
        return aside, bar.last - bar.first, not bar.entries

    return [main, *sorted(bars, key=rank)], passing


def _feeding(scene: Scene, end: str) -> set[str]:
    """The entries on which one depends, and itself."""
    sources = scene.sources()
    found: set[str] = set()
    waiting = [end]
    while waiting:
        entry = waiting.pop()
        if entry not in found:
            found.add(entry)
            waiting.extend(sources[entry])
    return found


def _set_lanes(placed: Placed) -> None:
    """Heights: each bar as near to its ends as what is already there leaves room."""
    bars, passing = _bars(placed)
    owner = {entry.id: bar for bar in bars for _column, entry in bar.entries}
    near: dict[Bar, list[Bar]] = {bar: [] for bar in bars}
    for source, target in placed.scene.links:
        near[owner[source]].append(owner[target])
        near[owner[target]].append(owner[source])
        if (source, target) in passing:
            near[passing[source, target]] += [owner[source], owner[target]]
    done: list[Bar] = []
    for bar in bars:
        known = [other.y for other in near[bar] if other in done]
        bar.y = _free_height(bar, sum(known) / len(known) if known else 0.0, done)
        done.append(bar)
        for _column, entry in bar.entries:
            entry.y = bar.y
    placed.lanes.update((link, bar.y) for link, bar in passing.items())


def _free_height(bar: Bar, wanted: float, done: list[Bar]) -> float:
    """The height nearest to the wanted one at which the bar touches no other; connections rather above."""
    others = [other for other in done if other.first <= bar.last and bar.first <= other.last]
    taken = []
    for other in others:
        (up, down), (other_up, other_down) = bar.reach(other), other.reach(bar)
        taken.append((other.y - other_up - down, other.y + other_down + up))
    above = sum(other.y < wanted for other in others)
    upward = not bar.entries or above <= sum(other.y > wanted for other in others)
    candidates = [wanted, *(end for pair in taken for end in pair)]
    free = [y for y in candidates if not any(low < y < high for low, high in taken)]
    descent = 0.0 if bar.entries else DESCENT

    def rank(y: float) -> tuple[int, bool, float]:
        far = abs(y - wanted) + (descent if y > wanted else 0.0)
        return round(far / STEP), (y > wanted) == upward, y

    return min(free, key=rank)


def _set_columns(placed: Placed) -> None:
    """Widths of the columns and of the gaps between them, and the x of their entries, which begin on one line."""
    entries = placed.scene.entries
    widths = [0.0] * (1 + max(placed.column.values()))
    for entry_id, column in placed.column.items():
        widths[column] = max(widths[column], entries[entry_id].width)
    climbs = [0.0] * len(widths)
    for source, target in placed.scene.links:
        lane = placed.lanes.get((source, target), entries[source].y)
        first, last = placed.column[source], placed.column[target]
        climbs[first] = max(climbs[first], abs(lane - entries[source].y))
        climbs[last - 1] = max(climbs[last - 1], abs(lane - entries[target].y))
    x = 0.0
    for width, climb in zip(widths, climbs, strict=True):
        placed.left.append(x)
        placed.right.append(x + width)
        x += width + GAP + min(climb * CLIMB, GAP)
    for entry_id, column in placed.column.items():
        entry = entries[entry_id]
        entry.x = placed.left[column] + entry.width / 2


def _bridges(placed: Placed) -> list[int]:
    """Columns before which a row may begin: all that crosses there comes from one entry, and goes no further."""
    crossing: list[set[str]] = [set() for _column in placed.left]
    for source, target in placed.scene.links:
        first, last = sorted((placed.column[source], placed.column[target]))
        for column in range(first + 1, last + 1):
            crossing[column].add(source)
            if placed.column[target] != placed.column[source] + 1:
                crossing[column].add("")  # passes by, or runs against the flow
    return [column for column in range(1, len(placed.left)) if len(crossing[column]) == 1]


def _breaks(placed: Placed, width: float) -> list[int]:
    """The columns at which rows begin, chosen so that rows come near to the width and frames stay whole."""
    if width <= 0 or placed.right[-1] <= width:
        return []
    starts = [0, *_bridges(placed), len(placed.left)]
    spans = [{placed.column[entry] for entry in inside} for _name, inside in placed.scene.frames]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for index, end in enumerate(starts[1:], 1):
        split = any(min(span) < end <= max(span) for span in spans)
        is_last = end == len(placed.left)
        options = []
        for before, start in enumerate(starts[:index]):
            excess = (placed.right[end - 1] - placed.left[start] - width) / width
            cost = 4 * excess**2 if excess > 0 else excess**2 * (0.2 if is_last else 1.0)
            options.append((best[before][0] + cost + ROW_COST + (FRAME_COST if split else 0.0), before))
        best.append(min(options))
    found = []
    index = len(starts) - 1
    while (index := best[index][1]) > 0:
        found.append(starts[index])
    return found[::-1]


def _set_rows(placed: Placed, width: float) -> None:
    """Break the one long row into several of about the same width, and put them one below the other."""
    breaks = _breaks(placed, width)
    placed.rows = [sum(column >= one for one in breaks) for column in range(len(placed.left))]
    starts = [0, *breaks]
    top = 0.0
    for row, start in enumerate(starts):
        columns = [column for column, its in enumerate(placed.rows) if its == row]
        shift = placed.left[start]
        entries = [entry for entry in placed.scene.entries.values() if placed.column[entry.id] in columns]
        links = [link for link in placed.lanes if placed.column[link[0]] in columns]
        highest = min([*(entry.y - entry.up for entry in entries), *(placed.lanes[link] - SKIP for link in links)])
        lowest = max([*(entry.y + entry.down for entry in entries), *(placed.lanes[link] + SKIP for link in links)])
        for entry in entries:
            entry.x -= shift
            entry.y += top - highest
        for link in links:
            placed.lanes[link] += top - highest
        for column in reversed(columns):
            placed.left[column] -= shift
            placed.right[column] -= shift
        top += lowest - highest
        placed.gutters.append(top + ROW_GAP / 2)
        top += ROW_GAP
