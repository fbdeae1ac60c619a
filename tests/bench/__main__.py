"""Run all benchmarks, each in a process of its own: `make bench` or `python -m tests.bench`.

A benchmark is a module bench_*.py beside this one that prints its figures when it is run.
"""

import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    """Run the benchmarks in the order of their names; return 1 if one fails."""
    failed = 0
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        sys.stdout.write(f"== {path.stem}\n")
        sys.stdout.flush()
        start = time.perf_counter()
        failed |= subprocess.run(
            [sys.executable, "-m", f"tests.bench.{path.stem}"], check=False
        ).returncode
        sys.stdout.write(f"   {time.perf_counter() - start:.1f} s in all\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
