"""The forms around the canvas: data, training, inspector, and the dialogs.

Each shows a `Document` and asks it for edits; none holds a setting of its own.  Rows come
from the tables of the rooms below, so a new optimizer or schedule needs nothing here.
"""
