"""Minutes that each notebook takes: to read, at 180 words of prose and 8 visible code lines a minute, and to do.

Not read are cells that are hidden on the page, internal code (`#| exporti`), which is looked up, folded answers,
exercises, and the closing section *Checks*. The minutes to do are the sum of what the exercises say.
`python benchmarks/reading_time.py` prints a table."""
import json, math, re
from pathlib import Path

NBS = Path(__file__).parent.parent/'nbs'
HEAD = r'^\*\*Exercise `\w+`\*\* · difficulty [123] of 3 · importance [123] of 3 · (\d+) minutes?$'
UNREAD = '#| hide', '#| default_exp', '#| exporti'

def cells_of(file): return json.loads(Path(file).read_text(encoding='utf-8'))['cells']

def minutes(file):
    "Minutes to read the notebook `file`"
    words = lines = 0
    for cell in cells_of(file):
        source = ''.join(cell['source'])
        if cell['cell_type'] == 'markdown':
            source, checks, _ = source.partition('## Checks')
            if source.startswith('**Exercise'): continue
            source = re.sub(r'<details>.*?</details>', '', source, flags=re.DOTALL)
            words += len(re.sub(r'[|#*`>-]+', ' ', source).split())
            if checks: break
        elif not (source.startswith(UNREAD) or re.search(r'^check\(', source, re.MULTILINE)):
            lines += sum(bool(line.strip()) and not line.startswith('#|') for line in source.splitlines())
    return words/180 + lines/8

def to_do(file):
    "Minutes that the exercises of the notebook `file` take together, as they say"
    text = '\n'.join(''.join(cell['source']) for cell in cells_of(file) if cell['cell_type'] == 'markdown')
    return sum(map(int, re.findall(HEAD, text, re.MULTILINE)))

if __name__ == '__main__':
    times = {file.stem: (minutes(file), to_do(file)) for file in sorted(NBS.glob('[0-9]*.ipynb'))}
    print(f'{"":20} {"read":>5} {"do":>5}')
    for name, (read, do) in times.items(): print(f'{name:20} {math.ceil(read):5} {do:5}')
    walk = [time for name, time in times.items() if name < '10']
    print(f'{"00 to 09":20} {sum(read for read, _ in walk):5.0f} {sum(do for _, do in walk):5}')
