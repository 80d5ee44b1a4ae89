#!/usr/bin/env python3
"""Builds the packages of CNN Studio; README.md beside this file explains it.

python packaging/build.py --deb --tar     on Linux
python packaging/build.py --installer     on Windows
python packaging/build.py --dmg           on macOS
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.remove(str(Path(__file__).resolve().parent))  # a folder of this name must not stand for the library

from tools.freeze.build import main

if __name__ == "__main__":
    sys.exit(main())
