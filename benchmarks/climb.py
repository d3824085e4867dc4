"""What `climb` costs: two jobs beside one, and many seeds beside few.

    python benchmarks/climb.py              # some minutes; with nothing else running

Prints ratios; seconds belong to one machine. Two jobs on two cores should take about half the time of one, and twice the
seeds twice the time. The processes of the two jobs start anew for each climb, and their start is counted.
"""
import time

from fastcore.script import call_parse
from humannums.ladder import RUNGS
from humannums.recipes import climb

def seconds(**kwargs):
    start = time.perf_counter()
    climb([rung for rung in RUNGS if rung.name == 'stateful'], **kwargs)
    return time.perf_counter() - start

@call_parse
def main(
    seeds:int=8, # runs in each climb, an even number
    repeats:int=2): # of each climb; the best is printed
    "Time of `climb` with one and two jobs, and with half of the seeds"
    kinds = {'one job': dict(seeds=range(seeds), jobs=1), 'two jobs': dict(seeds=range(seeds), jobs=2), 'half the seeds': dict(seeds=range(seeds//2), jobs=1)}
    seconds(seeds=[0], jobs=1)
    best = {name: float('inf') for name in kinds}
    for _ in range(repeats):
        for name, kwargs in kinds.items(): best[name] = min(best[name], seconds(**kwargs))
    for name, s in best.items(): print(f'{name}: {s:.1f} s')
    print(f"two jobs / one job: {best['two jobs']/best['one job']:.2f}")
    print(f"all seeds / half of them: {best['one job']/best['half the seeds']:.2f}")
