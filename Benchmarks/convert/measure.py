"""Runs a program on given cores and says how long it took and how much memory it needed."""
import os
import subprocess
import sys
import time


def run(command, cores=None, folder=None, quiet=True):
    """Returns (seconds, peak memory in MB, standard output); ends the script if the program fails."""
    def pin():
        if cores is not None:
            os.sched_setaffinity(0, cores)

    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, preexec_fn=pin, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if quiet else None)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(command)}: ended with status {status}")
    return seconds, usage.ru_maxrss / 1024, output
