"""The window: PySide6 on top of the core; torch is reached only through the engine, and only after the first paint."""
