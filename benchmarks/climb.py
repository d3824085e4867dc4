"""What `climb` costs: two jobs beside one, and many seeds beside few.

    python benchmarks/climb.py              # some minutes; with nothing else running

Two jobs on two cores should take about half the time of one, and twice
the seeds twice the time. The processes of the two jobs start anew for each climb, and their start is counted.
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
    kinds = {'one job': dict(seeds=range(seeds), jobs=1),
             'two jobs': dict(seeds=range(seeds), jobs=2),
             'half the seeds': dict(seeds=range(seeds//2), jobs=1)}
    seconds(seeds=[0], jobs=1)
    best = {name: float('inf') for name in kinds}
    for _ in range(repeats):
        for name, kwargs in kinds.items(): best[name] = min(best[name], seconds(**kwargs))
    print(f'\n## Many runs\n\n`climb` with {seeds} seeds of `stateful`, best of {repeats}:\n')
    print('| | seconds |\n|---|---|')
    for name, s in best.items(): print(f'| {name} | {s:.1f} |')
    two, more = best['two jobs']/best['one job'], best['one job']/best['half the seeds']
    print(f'\nTwo jobs take {two:.2f} of the time of one. Twice the seeds take {more:.2f} times the time.')
