"""Networks on raw waveforms (1-D) and on video (3-D)."""

from __future__ import annotations

from tools.starters.net import Net


def waveform(first: int, *stages: tuple[int, int], classes: int = 10) -> Net:
    """Dai et al. 2016, plain: an 80 samples wide convolution, then stages of (count, filters), a pool of 4 before each.

    All convolutions keep the length (but for the stride of 4 of the first), each with batch normalization.
    """
    net = Net(1, 32_000)
    net.convolution("1", first, 80, stride=4, padding=38, norm=True)
    for stage, (count, filters) in enumerate(stages, 2):
        net.add("max_pool", f"pool{stage - 1}", size=4, stride=4)
        for index in range(1, count + 1):
            net.convolution(f"{stage}_{index}" if count > 1 else f"{stage}", filters, padding=1, norm=True)
    if len(stages) == 2 or stages[-1][0] == 1:  # M3 and M5 pool once more
        net.add("max_pool", f"pool{len(stages) + 1}", size=4, stride=4)
    net.add("global_average_pool", "gap")
    net.classifier(classes, flat=False)
    return net


def m34res() -> Net:
    """Dai et al. 2016: residual blocks of two convolutions."""
    net = Net(1, 32_000)
    net.convolution("1", 48, 80, stride=4, padding=38, norm=True)
    for stage, (count, filters) in enumerate(((3, 48), (4, 96), (6, 192), (3, 384)), 2):
        net.add("max_pool", f"pool{stage - 1}", size=4, stride=4)
        for index in range(1, count + 1):
            net.block("residual", f"block{stage}_{index}", folded=True, filters=filters)
    net.add("global_average_pool", "gap")
    net.classifier(10, flat=False)
    return net


def c3d() -> Net:
    """Tran et al. 2015: 3×3×3 kernels throughout; the last pool keeps the rest (7 becomes 4), as the authors' code."""
    net = Net(3, 16, 112, 112)
    net.convolution("1", 64, padding=1)
    net.add("max_pool", "pool1", size=(1, 2, 2), stride=(1, 2, 2))
    net.convolution("2", 128, padding=1)
    net.add("max_pool", "pool2")
    for stage, filters in ((3, 256), (4, 512), (5, 512)):
        net.convolution(f"{stage}a", filters, padding=1)
        net.convolution(f"{stage}b", filters, padding=1)
        net.add("max_pool", f"pool{stage}", ceil=stage == 5)
    net.classifier(487, 4096, 4096, dropout=0.5)
    return net


def tiny_sound() -> Net:
    """A small M5 for one second at 8 kHz."""
    net = Net(1, 8_000)
    net.convolution("1", 16, 80, stride=4, padding=38, norm=True)
    for stage, filters in ((2, 32), (3, 64), (4, 64)):
        net.add("max_pool", f"pool{stage - 1}", size=4, stride=4)
        net.convolution(f"{stage}", filters, padding=1, norm=True)
    net.add("global_average_pool", "gap")
    net.classifier(10, flat=False)
    return net


def tiny_video() -> Net:
    """A small C3D for clips of 8 pictures."""
    net = Net(1, 8, 24, 24)
    net.convolution("1", 8, padding=1, norm=True)
    net.add("max_pool", "pool1", size=(1, 2, 2), stride=(1, 2, 2))
    net.convolution("2", 16, padding=1, norm=True)
    net.add("max_pool", "pool2")
    net.convolution("3", 32, padding=1, norm=True)
    net.add("global_average_pool", "gap")
    net.classifier(6, flat=False)
    return net
