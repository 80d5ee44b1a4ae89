"""Sounds from WAV files, as arrays (1, length) of 16-bit numbers at one rate."""

from __future__ import annotations

import wave
from io import BytesIO
from pathlib import Path

import numpy as np

from cnn_studio.core.files import FileError, read_file
from cnn_studio.engine.datasets.base import Array, DamagedError, DataError
from cnn_studio.i18n import N_

RATE = 8000
"""Samples a second that all sounds are brought to."""
LARGEST_FILE = 1 << 30


def read_sound(path: Path, rate: int = RATE) -> Array:
    """A WAV file of 8, 16, 24 or 32 bits and any rate: mixed to one channel, brought to ``rate``. Raises DataError."""
    try:
        data = read_file(path, LARGEST_FILE)
    except FileError as error:
        raise DataError(N_("“{file}” cannot be read: {reason}"), file=path.name, reason=error.words) from None
    return sound_of(data, path.name, rate)


def sound_of(data: bytes, name: str, rate: int = RATE) -> Array:
    """A sound from the bytes of a WAV file; as ``read_sound``."""
    try:
        with wave.open(BytesIO(data)) as stream:
            channels, width, own_rate = stream.getnchannels(), stream.getsampwidth(), stream.getframerate()
            values = _numbers(stream.readframes(stream.getnframes()), width)
    except (wave.Error, EOFError, ValueError, ZeroDivisionError) as error:
        raise DamagedError(N_("“{file}” is not a WAV file of plain samples, or it is damaged"), file=name) from error
    values = values[: len(values) // channels * channels].reshape(-1, channels).mean(1)
    if not len(values) or not 1000 <= own_rate <= 768_000:
        raise DamagedError(N_("“{file}” holds no sound"), file=name)
    return np.clip(np.rint(resampled(values, own_rate, rate)), -32768, 32767).astype(np.int16)[None]


def _numbers(raw: bytes, width: int) -> Array:
    """Samples of any width on the scale of 16 bits."""
    if width == 1:
        return (np.frombuffer(raw, np.uint8).astype(float) - 128) * 256
    if width == 2:
        return np.frombuffer(raw[: len(raw) // 2 * 2], "<i2").astype(float)
    if width == 3:
        bytes_ = np.frombuffer(raw[: len(raw) // 3 * 3], np.uint8).reshape(-1, 3).astype(np.int32)
        return (((bytes_[:, 2] << 24) | (bytes_[:, 1] << 16) | (bytes_[:, 0] << 8)) >> 16).astype(float)
    if width == 4:
        return np.frombuffer(raw[: len(raw) // 4 * 4], "<i4").astype(float) / 65536
    raise ValueError(width)


def resampled(values: Array, rate: int, wanted: int) -> Array:
    """A sound at another rate: what the new rate cannot hold is filtered out first, then read by lines between samples."""
    if rate == wanted:
        return values
    if wanted < rate:
        spectrum = np.fft.rfft(values)
        frequencies = np.fft.rfftfreq(len(values), 1 / rate)
        spectrum[frequencies > 0.475 * wanted] = 0
        values = np.fft.irfft(spectrum, len(values))
    length = max(1, round(len(values) * wanted / rate))
    return np.interp(np.arange(length) * rate / wanted, np.arange(len(values)), values)
