"""How long training takes, and what is faster than what.

    python benchmarks/speed.py                          # all rungs: some minutes on two cores
    python benchmarks/speed.py --rungs loop,gru --repeats 3

For each rung, the seconds of one training epoch (validation left out), median of `--repeats` runs, of

a. **course**: `human_numbers_dls`, the model of the course, `lm_learner`, one epoch of `learn.fit`;
b. **published**: the same model and the same batches, fed and looped as published notebooks do: a list of pairs of
   tensors through fastai's `DataLoader`; embedding, batch norm and output layer called inside the loop over time. The
   longhand model and the models around `nn.RNN` and `nn.GRU` have no such loop, so there only the feed differs. Two
   columns, since there are two ways to make the loader: `DataLoader(pairs)` itself, and the fastai book's
   `DataLoaders.from_dsets(pairs)`, which makes a `TfmdDL`;
c. **bare**: the model and the data of (a), fastai's Adam stepped by hand, and nothing else.

Runs take turns (a, b, b, c, a, b, b, c, ...) in one process after a warm-up, so that whatever slows the machine slows
all three. Read the ratios; seconds belong to one machine. Then tokens a second of the course's loader and of fastai's
`LMDataLoader`, which gives the same batches.
"""
import os, platform, time
from datetime import date
from statistics import median

import fastai
from fastai.text.all import *
from fastcore.script import call_parse

from humannums.data import human_numbers_dls
from humannums.gru_cell import CellLM, GRUCell
from humannums.learner import lm_learner
from humannums.loop import LoopLM
from humannums.multi_output import MultiOutputLM
from humannums.recipes import WALK
from humannums.stateful import StatefulLM

# The models, looped as published
class PublishedLoop(LoopLM):
    def forward(self, x):
        h = torch.zeros(len(x), self.h_h.in_features, device=x.device)
        for t in range(x.shape[1]):
            h = h + self.i_h(x[:, t])
            h = self.bn(F.relu(self.h_h(h)))
        return self.h_o(h)

class PublishedMultiOutput(MultiOutputLM):
    def forward(self, x):
        h, outs = torch.zeros(len(x), self.h_h.in_features, device=x.device), []
        for t in range(x.shape[1]):
            h = h + self.i_h(x[:, t])
            h = F.relu(self.h_h(h))
            outs.append(self.h_o(self.bn(h)))
        return torch.stack(outs, dim=1)

class PublishedStateful(StatefulLM):
    def forward(self, x):
        h, outs = self.h, []
        if h is None: h = torch.zeros(len(x), self.h_h.in_features, device=x.device)
        for t in range(x.shape[1]):
            h = h + self.i_h(x[:, t])
            h = F.relu(self.h_h(h))
            outs.append(self.h_o(self.bn(h)))
        self.h = h.detach()
        return torch.stack(outs, dim=1)

class PublishedCell(CellLM):                # one layer
    def forward(self, x):
        h, outs = self.h, []
        if h is None: h = torch.zeros(len(x), self.bn.num_features, device=x.device)
        for t in range(x.shape[1]):
            h = self.cells[0](self.i_h(x[:, t]), h)
            outs.append(self.h_o(self.bn(h)))
        self.h = h.detach()
        return torch.stack(outs, dim=1)

# The rungs whose model published notebooks loop in another way
PUBLISHED = {'loop': PublishedLoop, 'multi_output': PublishedMultiOutput, 'stateful': PublishedStateful,
             'torch_cell': partial(PublishedCell, cell=nn.GRUCell), 'own_cell': partial(PublishedCell, cell=GRUCell)}
RUNGS = WALK

def now():
    "The clock, once the GPU (if any) has finished what it was given"
    if torch.cuda.is_available(): torch.cuda.synchronize()
    return time.perf_counter()

class TrainClock(Callback):
    "Seconds of the training part of an epoch; skips the validation part"
    def before_train(self): self.began = now()
    def after_train(self): self.seconds = now() - self.began
    def before_validate(self): raise CancelValidException

def learner_epoch(dls, model, lr):
    "A function that trains one epoch with a Learner and returns its seconds"
    learn, clock = lm_learner(dls, model), TrainClock()
    def epoch():
        with learn.no_bar(), learn.no_logging(): learn.fit(1, lr, cbs=clock)
        return clock.seconds
    return epoch

def bare_epoch(dls, model, lr):
    "The same with PyTorch alone, but for fastai's data, loss and optimizer"
    loss_func = lm_learner(dls, model).loss_func
    opt = Adam(list(model.parameters()), lr=lr)
    def epoch():
        start = now()
        model.train().reset()
        for x, y in dls.train:
            loss_func(model(x), y).backward()
            opt.step()
            opt.zero_grad()
        return now() - start
    return epoch

def as_published(dls):
    """The batches of `dls`, fed from a list of pairs arranged so that rows join up: by a plain `DataLoader`, and as the
    fastai book does"""
    pairs = [(x.cpu().clone(), y.cpu().clone()) for batch in dls.train for x, y in zip(*batch)]
    plain = DataLoader(pairs, bs=64, shuffle=False, drop_last=True, device=dls.device)
    book = DataLoaders.from_dsets(L(pairs), bs=64, shuffle=False, drop_last=True, device=dls.device).train
    return [DataLoaders(feed, dls.valid, device=dls.device) for feed in (plain, book)]

def take_turns(runs, repeats):
    "Median seconds of each function, called in turns after a warm-up"
    for run in runs: run()
    return [median(o) for o in zip(*([run() for run in runs] for _ in range(repeats)))]

def rung_row(name, repeats):
    "A line of the first table"
    lr, course, published = RUNGS[name].lr, RUNGS[name].model, PUBLISHED.get(name, RUNGS[name].model)
    dls = human_numbers_dls(seq_len=RUNGS[name].seq_len)
    v = len(dls.vocab)
    runs = [learner_epoch(dls, course(v), lr),
            *(learner_epoch(feed, published(v), lr) for feed in as_published(dls)),
            bare_epoch(dls, course(v).to(dls.device), lr)]
    a, b, book, c = take_turns(runs, repeats)
    seconds, ratios = (a, b, book, c), (a/b, a/book, a/c, 1000*(a - c)/len(dls.train))
    return ' | '.join([name, *(f'{o:.3f}' for o in seconds), *(f'{o:.2f}' for o in ratios)])

def loader_row(seq_len, repeats):
    "A line of the second table"
    ours = human_numbers_dls(seq_len=seq_len).train
    fastai_s = LMDataLoader(ours.dataset, bs=ours.bs, seq_len=seq_len, device=ours.device)
    n = sum(x.numel() for x, _ in ours)
    def read(dl):
        start = now()
        for _ in dl: pass
        return now() - start
    a, b = (n/o for o in take_turns([partial(read, ours), partial(read, fastai_s)], repeats))
    return f'{seq_len} | {a:,.0f} | {b:,.0f} | {a/b:.0f}'

def machine():
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else 'no GPU'
    cores = f'{os.cpu_count()} CPU cores, {torch.get_num_threads()} thread(s), {gpu}'
    versions = f'Python {platform.python_version()}, torch {torch.__version__}, fastai {fastai.__version__}'
    return f'{platform.system()} {platform.machine()}, {cores}; {versions}; {date.today()}'

COLUMNS = ['rung', 'a: course, s an epoch', 'b: `DataLoader`', 'b: `from_dsets`', 'c: bare',
           'a/b', 'a/b, `from_dsets`', 'a/c', 'Learner, ms a batch']
HEAD = """# Speed

`make bench` measures these tables and writes this page. Read the ratios; seconds belong to one machine.

- **a** is the course: `human_numbers_dls`, the model, `lm_learner`, one epoch of `learn.fit` without validation.
- **b** is the same model fed and looped as published notebooks do: a list of pairs of tensors through fastai's loader,
  embedding and output layer inside the loop. The fastai book makes the loader with `DataLoaders.from_dsets`; a plain
  `DataLoader` is quicker, so it has a column of its own.
- **c** is a bare PyTorch loop with the same model, data and optimizer, and nothing else.
"""
MEANING = '''
a/b is what the course saves: slicing one tensor in place of collating 64 pairs, and one embedding, batch norm and
output layer a batch in place of one a word. a/c is what the Learner costs: for each batch it sends eight events to
every callback (device, progress, recorder, resetter, clock) and smooths the loss. The cost goes with the batch, not the
model, so it weighs most where a batch is quickest; where batches are slow, the last column is a small difference of two
large numbers, and noisy.'''

@call_parse
def main(
    repeats:int=5, # runs of each kind, after the warm-up
    rungs:str=','.join(RUNGS), # names with commas between them
    threads:int=1, # of PyTorch; such small tensors go no faster on more
):
    "Time the course against published ways to feed and loop, and against bare PyTorch."
    names = rungs.split(',')
    if repeats < 1: raise SystemExit(f'--repeats {repeats}: choose 1 or more.')
    unknown = sorted(set(names) - set(RUNGS))
    if unknown: raise SystemExit(f'--rungs: no rung {", ".join(unknown)}. Choose from {", ".join(RUNGS)}.')
    torch.set_num_threads(threads)
    print(HEAD)
    print(f'{machine()}; median of {repeats} runs.\n')
    print(f'| {" | ".join(COLUMNS)} |')
    print('|---'*len(COLUMNS) + '|')
    for name in names: print(f'| {rung_row(name, repeats)} |', flush=True)
    print('\nThe loader alone, against the one that it replaces:')
    print('\n| seq_len | tokens a second | `LMDataLoader` | ratio |\n|---|---|---|---|')
    for seq_len in 3, 20: print(f'| {loader_row(seq_len, repeats)} |', flush=True)
    print(MEANING)
