"""One module for each command of the terminal.

A module says ``SUMMARY`` (one line, marked for translation), ``EXAMPLES`` (command lines, each with what it does),
``add_arguments(parser)`` and ``execute(options) -> exit status``. Importing it loads nothing heavy: what a command
needs is imported when it is carried out.
"""
