"""Files changed at random, as bytes, as text, and as the JSON in them."""

import json
import zipfile
from random import Random
from typing import Any

from tests.helpers.zips import zipped

ODD_VALUES: list[Any] = [
    None, True, -1, 0, 10**12, 10**19, 1e300, -0.5, "", "conv2", "same", "x" * 100, "a\nb", "\u202e", [], [1] * 9, {},
    {"id": "a"}, [[[[]]]], ["conv2"],
]  # fmt: skip


def mutate_bytes(rng: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 50])):
        how, place = rng.randrange(5), rng.randrange(len(changed))
        if how == 0:
            changed[place] ^= 1 << rng.randrange(8)
        elif how == 1:
            changed[place] = rng.randrange(256)
        elif how == 2:
            del changed[place : place + rng.choice([1, 2, 40])]
        elif how == 3:
            changed[place:place] = rng.randbytes(rng.choice([1, 4, 30]))
        else:
            other = rng.randrange(len(changed))
            changed[place : place + 20] = changed[other : other + 20]
        if not changed:
            break
    return bytes(changed[: rng.randrange(len(changed) + 1)] if rng.random() < 0.1 else changed)


def mutate_json(rng: Random, value: Any) -> Any:
    """The value with one place in it exchanged, taken away, or doubled."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        how = rng.random()
        if how < 0.08:
            return {name: inner for name, inner in value.items() if name != key}
        if how < 0.16:
            return {**value, rng.choice(["extra", "a\nb", "", "id"]): rng.choice(ODD_VALUES)}
        return {**value, key: mutate_json(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        if rng.random() < 0.15:
            return value + [value[place]] * rng.choice([1, 3])
        return [*value[:place], mutate_json(rng, value[place]), *value[place + 1 :]]
    return rng.choice(ODD_VALUES)


def mutate_text(rng: Random, text: str) -> str:
    place, other = rng.randrange(len(text)), rng.randrange(len(text))
    piece = rng.choice(["NaN", "1e999", "9" * 400, '"', "{", "]", ",", "\\ud800", "\0", text[other : other + 30]])
    return text[:place] + piece + text[place + rng.choice([0, 1, 9]) :]


def mutated(rng: Random, members: dict[str, bytes], whole: bytes) -> bytes:
    how = rng.random()
    if how < 0.4:
        return mutate_bytes(rng, whole)
    changed = dict(members)
    name = rng.choice(list(changed))
    if how < 0.5:
        changed[name] = changed[rng.choice(list(changed))]
    elif how < 0.6 or not name.endswith(".json"):
        changed[name] = mutate_bytes(rng, changed[name])
    elif how < 0.7:
        changed[name] = mutate_text(rng, changed[name].decode()).encode()
    else:
        value = json.loads(changed[name])
        for _ in range(rng.choice([1, 1, 3])):
            value = mutate_json(rng, value)
        changed[name] = json.dumps(value).encode()
    return zipped(changed, rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
