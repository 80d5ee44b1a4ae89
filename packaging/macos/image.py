"""How the disk image looks when it is opened. dmgbuild reads this file and defines ``defines``."""

application = defines["app"]  # type: ignore[name-defined]  # noqa: F821

format = "ULMO"  # noqa: A001 - the name that dmgbuild reads
files = [application]
symlinks = {"Applications": "/Applications"}
icon_locations = {"CNN Studio.app": (140, 150), "Applications": (400, 150)}
window_rect = ((200, 200), (540, 320))
icon_size = 112
