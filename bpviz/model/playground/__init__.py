"""Links to the TensorFlow Playground, both ways; no network is used, as all it says stands after its ``#``.

`reading` makes a project of a link and lists what could not be had, `writing` makes a link of a project or
lists what stands in its way, and `words` says both in sentences.
"""

from bpviz.model.playground.reading import Linked, Unhad, is_link, project_of
from bpviz.model.playground.words import obstacle_text, playground_link, unhad_text
from bpviz.model.playground.writing import Obstacle, link_of

__all__ = [
    "Linked",
    "Obstacle",
    "Unhad",
    "is_link",
    "link_of",
    "obstacle_text",
    "playground_link",
    "project_of",
    "unhad_text",
]
