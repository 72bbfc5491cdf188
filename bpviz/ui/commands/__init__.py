"""Every command of the window, each as one complete entry.

To add a command, add a `Command` to the module of its topic: its name, what menus say, its keys, what
it does with the parts of the window (`bpviz.ui.commands.workshop.Workshop`), where it stands, and when it
can't be done and why.  Menus, context menus, toolbar, palette, the list of keys and the keys themselves
follow from the table.

Keys are none that desktops keep for themselves: none with Alt, no function keys with Ctrl.  A single letter
works wherever no text is typed.
"""

from bpviz.ui.commands.command import MENUS, Command, Entry
from bpviz.ui.commands.table import COMMANDS

__all__ = ["COMMANDS", "MENUS", "Command", "Entry"]
