"""One thread for linear algebra, whichever thread asks for it."""

from __future__ import annotations

from tests.engine.processes import printed


def test_a_library_that_another_thread_loads_later_is_held_to_one_thread_too() -> None:
    code = """
import threading
import numpy
from threadpoolctl import threadpool_info, threadpool_limits
from bpviz.engine.threads import use_one_thread

def load() -> None:
    import scipy.linalg.cython_blas
    use_one_thread()
    print(*{pool["num_threads"] for pool in threadpool_info()})

threadpool_limits(limits=2, user_api="blas")  # as somebody else's script may do
use_one_thread()
print(*{pool["num_threads"] for pool in threadpool_info()})
thread = threading.Thread(target=load)
thread.start()
thread.join()
"""
    assert printed(code, threads=2) == ["1", "1"]
