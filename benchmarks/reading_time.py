"""Minutes that it takes to read each notebook: 180 words of prose and 8 visible code lines a minute.

Cells that are hidden on the page and the closing section *Checks* are left out.
`python benchmarks/reading_time.py` prints a table."""
import json, math, re
from pathlib import Path

NBS = Path(__file__).parent.parent/'nbs'

def minutes(file):
    "Minutes to read the notebook `file`"
    words = lines = 0
    for cell in json.loads(Path(file).read_text(encoding='utf-8'))['cells']:
        source = ''.join(cell['source'])
        if cell['cell_type'] == 'markdown':
            source, checks, _ = source.partition('## Checks')
            words += len(re.sub(r'[|#*`>-]+', ' ', source).split())
            if checks: break
        elif not source.startswith(('#| hide', '#| default_exp')):
            lines += sum(bool(line.strip()) and not line.startswith('#|') for line in source.splitlines())
    return words/180 + lines/8

if __name__ == '__main__':
    times = {file.stem: minutes(file) for file in sorted(NBS.glob('[0-9]*.ipynb'))}
    for name, t in times.items(): print(f'{name:20} {math.ceil(t):5}')
    print(f'{"00 to 09":20} {sum(t for name, t in times.items() if name < "10"):5.0f}')
