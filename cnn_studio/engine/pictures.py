"""Pictures from files of any kind, as arrays (channels, height, width) of bytes."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from cnn_studio.core.files import FileError, read_file
from cnn_studio.engine.datasets.base import Array, DamagedError, DataError
from cnn_studio.i18n import N_

LARGEST_FILE = 1 << 30
MOST_PIXELS = 100_000_000
SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".jfif"}
)


def read_picture(path: Path, *, most_side: int = 0) -> Array:
    """A picture file: (1, h, w) where it is grey, (3, h, w) where it has colour. Raises DataError naming the file,
    DamagedError when it can be read and is no picture.

    Turned upright as its camera noted; transparent parts become white; 16-bit and decimal greys are scaled to bytes.

    Args:
        most_side: reduce pictures whose longer side has more pixels, while decoding where the format can; 0 does not.
    """
    try:
        data = read_file(path, LARGEST_FILE)
    except FileError as error:
        raise DataError(N_("“{file}” cannot be read: {reason}"), file=path.name, reason=error.words) from None
    return picture_of(data, path.name, most_side=most_side)


def picture_of(data: bytes, name: str, *, most_side: int = 0) -> Array:
    """A picture from the bytes of a file; as ``read_picture``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of is refused below or harmless
            with Image.open(BytesIO(data)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise DamagedError(
                        N_("“{file}” has {width}×{height} pixels, more than {most} in all: make it smaller first"),
                        file=name, width=image.width, height=image.height, most=MOST_PIXELS,
                    )  # fmt: skip
                if most_side and max(image.size) > most_side:
                    image.draft(None, (most_side, most_side))
                ImageOps.exif_transpose(image, in_place=True)
                return _bytes_of(image, most_side)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DamagedError(N_("“{file}” is not a picture, or of a kind that is not known"), file=name) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, OverflowError) as error:
        raise DamagedError(N_("“{file}” is damaged: its picture breaks off or makes no sense"), file=name) from error


ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND"}
"""What stands at the end of a whole file, by Pillow's name of the format."""
TAIL = 1024


def looks_whole(path: Path) -> bool:
    """Whether the beginning of a file is that of a picture of an allowed size, and its end the end of one.

    Reads little and decodes nothing. False means that only decoding tells.
    """
    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream) as image:
                end = ENDS.get(image.format or "")
                if end is None or not 0 < image.width * image.height <= MOST_PIXELS:
                    return False
            stream.seek(max(0, path.stat().st_size - TAIL))
            return end in stream.read(TAIL)
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        TypeError,
        OverflowError,
        Image.DecompressionBombError,
    ):
        return False


def _bytes_of(image: Image.Image, most_side: int) -> Array:
    if image.mode.startswith("I") or image.mode == "F":
        return _scaled(np.asarray(image), image.mode)[None]
    if most_side and max(image.size) > most_side:
        image.thumbnail((most_side, most_side), Image.Resampling.BOX, reducing_gap=2.0)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert(
            "L" if image.mode in ("LA", "La", "L", "1") else "RGB"
        )
    grey = image.mode in ("L", "1") or (image.mode == "P" and _grey_palette(image))
    wanted = "L" if grey else "RGB"
    return _array(image if image.mode == wanted else image.convert(wanted))  # to convert to the same would copy


def _array(image: Image.Image) -> Array:
    """Bytes of a grey or colour picture, channels first."""
    values: Array = np.array(image)
    return values[None] if values.ndim == 2 else np.ascontiguousarray(values.transpose(2, 0, 1))


def _scaled(values: Array, mode: str) -> Array:
    """Greys of more than eight bits as bytes: 16-bit ones by their range, decimal ones by 0..1 or by their own extremes."""
    values = np.nan_to_num(values.astype(float))
    if mode == "F" and values.min() >= 0 and values.max() <= 1:
        return _bytes(values * 255)
    if mode.startswith("I") and values.min() >= 0 and values.max() <= 65535:
        return _bytes(values / 257 if values.max() > 255 else values)
    low, high = values.min(), values.max()
    return _bytes((values - low) * (255 / (high - low if high > low else 1)))


def _bytes(values: Array) -> Array:
    rounded: Array = np.rint(values).astype(np.uint8)
    return rounded


def _grey_palette(image: Image.Image) -> bool:
    palette = np.asarray(image.getpalette() or []).reshape(-1, 3)
    return bool((palette[:, :1] == palette).all())
