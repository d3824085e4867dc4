"Turns the notebooks, with the outputs that they hold, into the sources of the site: python site/pages.py build/site"
import ast, base64, io, re, sys
from configparser import ConfigParser
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter

ROOT   = Path(__file__).resolve().parents[1]
CONFIG = ConfigParser(delimiters=['='])
CONFIG.read(ROOT/'settings.ini', encoding='utf-8')
CONFIG = CONFIG['DEFAULT']
PACKAGE = CONFIG['lib_path']
FILES   = f"{CONFIG['git_url']}/blob/{CONFIG['branch']}"                             # what begins links to files
SITE    = f"{CONFIG['doc_host']}{CONFIG['doc_baseurl']}/"


# What is exported

def exports(path):
    "The names that the module of the notebook at `path` exports"
    module = ROOT/PACKAGE/f'{path.stem[3:]}.py'
    if not module.exists(): return []
    return ast.literal_eval(re.search(r'^__all__ = (\[.*?\])', module.read_text(encoding='utf-8'), re.M | re.S)[1])

NOTEBOOKS = sorted((ROOT/CONFIG['nbs_path']).glob('*.ipynb'))
MODULES   = {path.stem[3:]: path for path in NOTEBOOKS if exports(path)}              # module: its notebook
HOMES     = {name: f'{PACKAGE}.{module}.{name}' for module, path in MODULES.items() for name in exports(path)}


# Markdown

_SPECIAL = re.compile(r'''
      ^(?P<fence>```|~~~).*?^(?P=fence)                     # code stays
    | ^\#+[ ]                                               # a heading
    | (?P<text>!?\[[^][]*\])\((?P<url>[^()\s]+)\)           # a link
    | `(?P<name>\w+)`                                       # perhaps a name of the package
''', re.M | re.S | re.X)

def place(url):
    "Where the link `url` of a notebook leads on the site"
    if url.startswith(SITE): return 'page:' + (url.removeprefix(SITE) or 'index.html')
    if re.match(r'\w+:|#', url): return url
    path = next((path for base in (ROOT/CONFIG['nbs_path'], ROOT) if (path := base/url.split('#')[0]).exists()), None)
    if path is None: raise FileNotFoundError(f'A notebook links to {url}, which the repository has not.')
    return url if path in NOTEBOOKS else f'{FILES}/{path.resolve().relative_to(ROOT)}'

def for_site(text, linked):
    "`text` with the links of the site; the first mention in a section of what the package exports leads to the API"
    lines = text.splitlines()
    def new(found):
        if found[0].startswith('#'): linked.clear()
        if found['url']: return f"{found['text']}({place(found['url'])})"
        name, line = found['name'], text.count('\n', 0, found.start())
        if name not in HOMES or name in linked or lines[line].startswith('#'): return found[0]
        linked.add(name)
        return f'{{py:obj}}`{name} <{HOMES[name]}>`'
    return _SPECIAL.sub(new, text)


# Pictures

PAPER = np.array([0x12, 0x12, 0x12])/255         # what dark pages are written on

def opened(mask, height, width):
    "What of `mask` a rectangle of this size can cover without leaving it"
    return maximum_filter(minimum_filter(mask, (height, width, 1)), (height, width, 1))

def for_dark(light):
    "The picture `light` for dark pages: the lightness of strokes is turned round, filled areas stay"
    rgb = np.asarray(light)/255                                                       # (height, width, 3)
    high, low = rgb.max(-1, keepdims=True), rgb.min(-1, keepdims=True)
    turned  = rgb + (1 - high - low)*(1 - high + low)**3                              # the stronger a colour, the less
    strokes = PAPER + (0.95 - PAPER)*turned.clip(0, 1)**0.85
    filled  = opened(low < 0.99, 40, 7) | opened(low < 0.99, 7, 40)                   # heat maps, their bars, rows
    return Image.fromarray((255*np.where(filled, 0.9*rgb, strokes)).round().astype('uint8'))

def save_picture(output, path):
    "Save a picture for light pages and for dark ones, as files whose names begin with `path`; returns HTML for both"
    light, dark = (path.with_name(f'{path.name}_{theme}.png') for theme in ('light', 'dark'))
    png = base64.b64decode(output['data']['image/png'])
    if not light.exists() or light.read_bytes() != png:
        light.parent.mkdir(parents=True, exist_ok=True)
        for_dark(Image.open(io.BytesIO(png)).convert('RGB')).save(dark, optimize=True)
        light.write_bytes(png)
    def shown(file, attributes):
        return re.sub('src="[^"]*"', f'{attributes} src="_static/pictures/{file.name}"', output['data']['text/html'])
    return shown(light, 'class="only-light"') + shown(dark, 'class="only-dark" loading="lazy"')


# Cells

_DIRECTIVE = re.compile(r'^#\|.*\n?', re.M)

def shown(output):
    "Has `output` something to show? Progress bars that are done leave an empty frame and a style sheet."
    html = output.get('data', {}).get('text/html')
    return html is None or bool(re.sub(r'<style.*?</style>|<(?!img|table)[^>]*>|\s', '', html, flags=re.S))

def clean_output(output, path):
    "The output as the site shows it; a picture is saved as `path`"
    data = output.get('data', {})
    if 'image/png' in data: output['data'] = {'text/html': save_picture(output, path)}
    elif 'text/html' in data:
        html = re.sub(r'<style scoped>.*?</style>\n?', '', data['text/html'], flags=re.S)
        output['data'] = {'text/html': html.replace('<table class="fastprogress">', '<table class="dataframe">')}
    return output

def page(notebook, stem, out):
    "The notebook as a source of the site, its pictures in `out`"
    cells, linked, n = [], set(), 0
    for cell in notebook.cells:
        if cell.cell_type == 'markdown': cell.source = for_site(cell.source, linked)
        if cell.cell_type == 'code':
            if '#| hide\n' in cell.source + '\n': continue
            cell.source = _DIRECTIVE.sub('', cell.source).strip('\n')
            if 'hide-input' in cell.metadata.get('tags', []): cell.metadata['tags'] = ['remove-input']
            cell.outputs = [clean_output(o, out/f'_static/pictures/{stem}_{n}_{i}')
                            for i, o in enumerate(cell.outputs) if shown(o)]
            n += 1
        if cell.source: cells.append(cell)
    notebook.cells = cells
    return notebook


# The pages

_ROW = re.compile(r'^\| \[(.+?)\]\((\w+)\.ipynb\) \| (\d+) min', re.M)

def side_bar(index):
    "The parts of the course with their notebooks and minutes, as the tables of the index give them, and the API"
    text  = '\n'.join(cell.source for cell in index.cells if cell.cell_type == 'markdown')
    parts = re.split(r'^#+ (.*)$', text, flags=re.M)[1:]                              # heading, text, heading, text ...
    bar   = {part: [f'{title} · {minutes}\u00a0min <{stem}>' for title, stem, minutes in _ROW.findall(rows)]
             for part, rows in zip(parts[::2], parts[1::2])}
    bar['API'] = [f'{module} <api/{module}>' for module in MODULES]
    return '\n\n'.join('\n'.join(['```{toctree}', ':hidden:', f':caption: {part}', '', *pages, '```'])
                       for part, pages in bar.items() if pages)

def api_page(module, path):
    "The page of what `module` exports; automodule leaves out what is neither function nor class"
    source = (ROOT/PACKAGE/f'{module}.py').read_text(encoding='utf-8')
    data = [name for name in exports(path) if not re.search(rf'^(def|class) {name}\b', source, re.M)]
    return f'''# {module}

What [notebook {path.stem[:2]}](../{path.name}) exports. `from {PACKAGE}.{module} import *` brings it.

```{{eval-rst}}
.. automodule:: {PACKAGE}.{module}
   :members:
```
''' + ''.join(f"""
```{{eval-rst}}
.. autodata:: {PACKAGE}.{module}.{name}
```
""" for name in data)

def write(path, text):
    "Write what is new, so that Sphinx reads again only what changed"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding='utf-8') != text: path.write_text(text, encoding='utf-8')

def main(out):
    "Write the sources of the site to the folder `out`"
    for path in NOTEBOOKS:
        notebook = page(nbformat.read(path, 4), path.stem, out)
        if path.stem == 'index': notebook.cells.append(nbformat.v4.new_markdown_cell(side_bar(notebook), id='side-bar'))
        write(out/path.name, nbformat.writes(notebook))
    for module, path in MODULES.items(): write(out/f'api/{module}.md', api_page(module, path))
    sources = {out/path.name for path in NOTEBOOKS} | {out/f'api/{module}.md' for module in MODULES}
    for left in {*out.glob('*.ipynb'), *out.glob('api/*.md')} - sources: left.unlink()

if __name__ == '__main__': main(Path(sys.argv[1]))
