"""Measure how fast bpviz is: training beside its peers, and the window's own figures.

Everything is measured in one run and side by side: columns take turns (A B C A B C ...), a figure is the
median of its rounds, and a ratio is the median of the ratios of rounds that stood next to each other, so that
a machine that grows slow for a while does so for all of them.  Figures are printed and never judged.

This room trains by the same pieces as a session does, and starts the window in processes of its own
(`bpviz.ui.measure`); it never imports Qt.  The peers, PyTorch and scikit-learn, are used if they are
installed, and the C++ loop if there is a compiler.
"""
