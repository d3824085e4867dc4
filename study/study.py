"""Train every rung of the course and of notebook 22 from many seeds, and write humannums/study.csv.

`make study` runs this: about two hours on two cores without a GPU. Finished runs are kept in study/runs, so it can be stopped and
started again; `make study` after a change of a recipe trains only what has changed. Delete study/runs to begin anew."""
import platform, subprocess
from functools import partial
from pathlib import Path

import fastai, joblib, pandas as pd, torch
from humannums.count import count_on, count_score
from humannums.data import whole_file
from humannums.errors import anatomy, stream_accuracy
from humannums.gru import GRULM
from humannums.ladder import RUNGS
from humannums.regularize import FINAL, TiedLM
from humannums.recipes import Recipe, climb
from humannums.stateful import HiddenState
from torch import nn

HERE = Path(__file__).parent
FRESH = range(1, 7_000), range(7_001, 9_000)             # a split that chose nothing

# Notebook 22: from the plain GRU one step at a time, all but the plain GRU with 75 passes over the text
PLAIN = Recipe('plain GRU', partial(TiedLM, cell=nn.GRU, n_hidden=64, n_layers=2, n_emb=None, p_in=0, p_out=0, tied=False, norm=True))
STEPS = {
    '75 passes, 32 by 40':      dict(epochs=75, bs=32, seq_len=40),
    'one layer of 96':          dict(n_layers=1, n_hidden=96),
    'LSTM':                     dict(cell=nn.LSTM),
    'tied weights':             dict(tied=True),
    'small embedding':          dict(n_emb=32),
    'dropout':                  dict(p_in=0.2, p_out=0.5),
    'one layer of 96, again':   dict(n_layers=1, n_hidden=96),
    'LSTM, again':              dict(cell=nn.LSTM),
    'AR':                       dict(ar=FINAL.ar),
    'TAR':                      dict(tar=FINAL.tar),
    'weight decay':             dict(wd=FINAL.wd),
    'high rate':                dict(lr=FINAL.lr, clip=FINAL.clip),
    'no batch norm':            dict(norm=False),
    'dropout, again':           dict(p_in=0.2, p_out=0.5),
    'second cycle':             dict(epochs=(50, 25), fade=FINAL.fade),
}

# Notebook 22: the final recipe without one of its parts
WITHOUT = {
    'tied weights':     dict(tied=False),
    'small embedding':  dict(n_emb=None),
    'dropout':          dict(p_in=0, p_out=0),
    'AR and TAR':       dict(ar=0, tar=0),
    'weight decay':     dict(wd=0.01),
    'high rate':        dict(lr=1e-2),
    'LSTM':             dict(cell=nn.GRU),
}

class NoNormGRULM(GRULM):
    "`GRULM` without batch norm"
    def __init__(self, vocab_sz):
        super().__init__(vocab_sz)
        self.bn = nn.Identity()

def measure(learn):
    """What is kept of a run beside its accuracy: scores over all words; numbers counted before the first mistake from four starts, of 200
    (or of 1,998 from the first start, if all of 200 are right); and what made it"""
    row = dict(rows_64=stream_accuracy(learn, 64), one_row=stream_accuracy(learn))
    if isinstance(learn.model, HiddenState):
        words = [learn.dls.vocab[t] for t in learn.dls.valid.dataset[0][0].tolist()[1:]]        # after the mark that starts the text
        first = int(anatomy(words)['number'][0])
        for after in 0, 449, 949, 1_449:
            row[f'from_{after}'] = count_score(count_on(learn, first + after, 200))
        if row['from_0'] == 200: row['from_0'] = count_score(count_on(learn, first, 1_998))
    commit = subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()
    return row | dict(commit=commit, python=platform.python_version(), torch=torch.__version__, fastai=fastai.__version__,
                      machine=f'{platform.system()} {platform.machine()}, {joblib.cpu_count()} cores, no GPU')

def one_at_a_time(n_seeds, **kwargs):
    "A step at a time from the plain GRU; each is kept if the mean over the seeds rises"
    recipe, best, results = PLAIN, 0, []
    for name, step in ({'plain GRU': {}} | STEPS).items():
        tried = recipe.but(f'step {name}', **step)
        runs = climb(tried, range(n_seeds), **kwargs)
        kept = runs['rows_64'].mean() > best
        if kept: recipe, best = tried, runs['rows_64'].mean()
        results.append(runs.assign(part='steps', rung=name, kept=kept))
    return pd.concat(results)

def parts():
    "The parts of the study, one after the other: a data frame of runs each"
    kwargs = dict(jobs=joblib.cpu_count(), out=HERE/'runs', score=measure, report=report)
    def climbed(part, recipes, n_seeds): return climb(recipes, range(n_seeds), **kwargs).assign(part=part)
    yield climbed('ladder', [*RUNGS, Recipe('gru, no batch norm', NoNormGRULM)], 20)
    yield climbed('one cycle', [FINAL.but(f'one cycle of {n}', epochs=n) for n in (75, sum(FINAL.epochs))], 20)
    yield climbed('fresh', [PLAIN.but('plain, fresh split', numbers=FRESH), FINAL.but('final, fresh split', numbers=FRESH)], 10)
    yield climbed('without', [FINAL.but(f'without {name}', **change) for name, change in WITHOUT.items()], 5)
    yield one_at_a_time(5, **kwargs)

def main():
    "Write the parts that are finished, after each of them"
    done = []
    for part in parts():
        done.append(part)
        with whole_file(HERE.parent/'humannums'/'study.csv') as tmp: pd.concat(done).to_csv(tmp, index=False)

def report(row): print(f"{row['rung']}, seed {row['seed']}: 64 rows {row['rows_64']:.4f}, one row {row['one_row']:.4f}, {row['seconds']:.0f} s", flush=True)

if __name__ == '__main__': main()
