"""How long 10,000 draws of a 120-month account for 1,000 participants take (less than ten seconds).

Run with `python benchmarks/bench_account.py`.
"""

from __future__ import annotations

import time
from dataclasses import replace

from kij_analysis.investment import scenario, simulate

DRAWS, MONTHS, PEOPLE, MOST = 10_000, 120, 1_000, 10.0


def main() -> None:
    found = scenario("two_payment_models")
    number = replace(found.plan.participants, value=PEOPLE, low=None, high=None)
    wage = replace(found.plan.participants, value=25_000, low=None, high=None)
    # "continue" follows every job that ends, which is the dearest of the three ways to count weeks.
    plan = replace(found.plan, months=MONTHS, participants=number, wage=wage, weeks_after_work="continue")
    one = replace(found, plan=plan).account()
    simulate(one, draws=100, seed=1)
    start = time.perf_counter()
    simulate(one, draws=DRAWS, seed=1)
    took = time.perf_counter() - start
    print(f"{DRAWS} draws, {MONTHS} months, {PEOPLE} participants: {took:.1f} s (at most {MOST:.0f} s)")
    if took > MOST:
        raise SystemExit("slower than promised")


if __name__ == "__main__":
    main()
