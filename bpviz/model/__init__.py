"""What the user drew and set, and what follows from it before anything is trained.

The room holds the `Project`, a tree of frozen values (`spec`), the pure functions that
change it (`edits`), the reasons why it can't run yet (`problems`), the step from the
drawing to a plan that the engine computes (`compile`), what a change means for a run
(`impact`), where things stand in a picture (`layout`), and the bundled `examples`.

It never holds a trained number, never draws, never touches a file, and knows neither
threads nor windows.  To edit is to make another value: whoever keeps the old one has undo.
"""
