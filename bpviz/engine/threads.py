"""One thread for linear algebra, in the whole process.

Another count of threads adds in another order and changes the last bits; and a window needs the others.
"""

from __future__ import annotations

from threadpoolctl import OpenBLASController, threadpool_limits


def use_one_thread() -> None:
    """Let every library of linear algebra that is loaded by now use one thread, whoever calls.

    Programs of our own say so in the environment besides, before there is a library.  Scripts can't, and
    the compiled programs bring another library than numpy: so this is called again once they are loaded.
    """
    # threadpoolctl lets only the first thread that ever set a number set another one, and ignores the rest
    # without a word.  What loads the programs is seldom that thread.
    OpenBLASController.clear_controlling_thread(force=True)
    threadpool_limits(limits=1, user_api="blas")
    OpenBLASController.clear_controlling_thread()  # nor shall it be this one from now on
