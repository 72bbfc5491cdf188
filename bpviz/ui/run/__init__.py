"""Training behind the window: one worker in one thread, and the controller the window talks to.

Commands enter the thread as queued signals, immutable snapshots leave it; there is no
lock.  Neither side ever waits for the other, except once: closing waits for the thread's last slice.
"""
