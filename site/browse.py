"""The site in a browser: every page loads by itself, links hold, search finds, the networks say what PyTorch says.

    python site/browse.py          # after `make site`; needs Chromium or Chrome, and npm for axe

Prints a line for each thing that held, and stops at the first that did not. Screenshots go to build/screenshots.
"""
import random, shutil, subprocess, sys, tarfile
from pathlib import Path
from urllib.parse import unquote, urldefrag

import torch
from playwright.sync_api import expect, sync_playwright

from humannums.ask import logits_of
from humannums.data import join_numbers, number_to_words
from humannums.page import NETWORKS, unpack_js, write_page

SITE, BUILD = Path('_site').resolve(), Path('build')
LOOKED_AT = 'index', '04_stateful', '07_gru', 'networks'

def url(page): return (SITE/page).as_uri()

def watched(browser, **kwargs):
    "A new page, offline, and the list of all that goes wrong on it"
    context, wrong = browser.new_context(offline=True, **kwargs), []
    page = context.new_page()
    page.on('console', lambda m: wrong.append(f'{page.url}: {m.text}') if m.type in ('error', 'warning') else None)
    page.on('pageerror', lambda e: wrong.append(f'{page.url}: {e}'))
    page.on('requestfailed', lambda r: wrong.append(f'{page.url}: {r.url} is missing'))
    page.on('request', lambda r: None if r.url.startswith(('file:', 'data:', 'blob:'))
            else wrong.append(f'{page.url} asks for {r.url}'))
    return page, wrong

def test_pages(browser):
    "Every page loads without an error, a missing file or a request to the network, and its links lead somewhere"
    page, wrong = watched(browser)
    pages, ids, links = [*sorted(SITE.glob('*.html')), *sorted(SITE.glob('api/*.html'))], {}, []
    for file in pages:
        page.goto(file.as_uri(), wait_until='load')
        ids[file] = set(page.eval_on_selector_all('[id]', 'all => all.map(o => o.id)'))
        links += [(file, o) for o in page.eval_on_selector_all('a[href]', 'all => all.map(o => o.href)')]
        slabs = page.eval_on_selector_all('img:not([alt]), img[alt=""]', 'all => all.map(o => o.src)')
        wrong += [f'{file.name}: {o} has no alt text' for o in slabs]
    for file, link in links:
        to, anchor = urldefrag(link)
        if not to.startswith('file:'): continue
        target = Path(unquote(to.split('?')[0].removeprefix('file://')))
        if not target.exists(): wrong.append(f'{file.name}: {link} leads nowhere')
        elif anchor and target in ids and unquote(anchor) not in ids[target]:
            wrong.append(f'{file.name}: {link} has no such place')
    assert not wrong, '\n'.join(wrong)
    return f'{len(pages)} pages and {len(links)} links'

def test_search(browser):
    page, wrong = watched(browser)
    for word, found in ('detach', '04_stateful'), ('CopyLM', '30_attention'), ('ceiling', '12_ceiling'):
        page.goto(f'{url("search.html")}?q={word}')
        page.wait_for_selector(f'#search-results a[href*="{found}"]', timeout=20_000)
    assert not wrong, wrong
    return 'detach, CopyLM and ceiling are found'

def filled():
    "The networks of the page as learners of PyTorch, with the weights of the file"
    kept = {o['name']: o['tensors'] for o in unpack_js((SITE/'networks.js').read_text())['networks']}
    for recipe in NETWORKS:
        learn, tensors = recipe.learner(), kept[recipe.name]
        state = learn.model.state_dict()
        learn.model.load_state_dict({k: tensors[k].view_as(v) if k in tensors else v for k, v in state.items()})
        learn.model.cpu().eval()
        yield recipe.name, learn

SCORES = '''([name, prompts]) => {
  const net = nets.find(o => o.name === name)
  return prompts.map(words => {
    let kept = net.start(), last
    for (const word of words) { last = net.read(kept, net.vocab.indexOf(word)); kept = last.kept }
    return Array.from(last.scores)
  })
}'''
SAID = '''([name, prompt, n]) => {
  const reader = new Reader(nets.find(o => o.name === name)), start = performance.now()
  for (const word of prompt) reader.read(word)
  for (let i = 0; i < n; i++) reader.say(0)
  return {words: reader.words.map(o => o.word), per_second: Math.round(1000*n/(performance.now() - start))}
}'''

def test_networks(browser):
    "On a hundred random prompts the scores of each network are PyTorch's to 1e-4; what it goes on to say, exactly"
    page, wrong = watched(browser)
    page.goto(url('networks.html'))
    draw, told = random.Random(0), []
    starts = [draw.randrange(1, 9_990) for _ in range(100)]
    prompts = [join_numbers(range(n, n + draw.randrange(1, 9))).split()[:draw.randrange(1, 40)] for n in starts]
    for name, learn in filled():
        ours, theirs = page.evaluate(SCORES, [name, prompts]), []
        for prompt in prompts:
            learn.model.reset()
            seen = prompt if learn.remembers else prompt[-learn.dls.seq_len:]
            x = torch.tensor([[learn.dls.vocab.index(o) for o in seen]])
            with torch.no_grad(): theirs.append(logits_of(learn.model(x)).view(-1, len(learn.dls.vocab))[-1])
        learn.model.reset()
        gap = (torch.tensor(ours) - torch.stack(theirs)).abs().max().item()
        assert gap < 1e-4, (name, gap)
        for prompt in prompts:
            said = page.evaluate(SAID, [name, prompt, 20])['words']
            assert said == learn.predict(' '.join(prompt), 20).split(), (name, prompt)
        fast = page.evaluate(SAID, [name, prompts[0], 2_000])['per_second']
        told.append(f'{name} {gap:.0e}, {fast:,} words a second')
    assert not wrong, wrong
    return '; '.join(told)

REFUSED = {'eightt thousand': '“eightt” is no word of these networks', '10000': '10000 is out of reach',
           '1,000,000': 'out of reach', '0': 'out of reach', '12.5': 'out of reach', '-5': 'no word',
           ' ': 'nothing to read', 'seven hundred and one': 'say “seven hundred one”', 'one ,'*101: 'at most 200'}
READ = {'7,998 7999': 'ninety nine,', '7,998,7,999': 'ninety nine,', '998,999': 'nine hundred ninety nine,',
        '8 thousand': 'eight thousand', 'twenty-one ,': 'twenty one,', 'SEVEN': 'seven'}

def test_use(browser):
    "What a reader does on the page of the networks, with the keyboard alone"
    page, wrong = watched(browser)
    page.goto(url('networks.html'))
    def press(button):
        page.focus(button)
        page.keyboard.press('Enter')
    def read(text):
        page.focus('#text')
        page.keyboard.press('Control+a')
        page.keyboard.type(text)
        page.keyboard.press('Enter')
    def said(panel='first'): return page.inner_text(f'#{panel} .said').split()
    def status(panel='first'): return page.inner_text(f'#{panel} .status')
    words = page.evaluate('Array.from({length: 9999}, (_, i) => to_words(i + 1).join(" "))')
    assert words == [number_to_words(n) for n in range(1, 10_000)]
    assert page.evaluate('words_of("The cat SAT", ["The", "cat", "sat"])') == ['The', 'cat', 'sat']    # another vocab
    for text, problem in REFUSED.items():
        read(text)
        expect(page.locator('#problem')).to_contain_text(problem)            # it is told a little later
    for text, end in READ.items():
        read(text)
        assert page.inner_text('#problem') == '' and ' '.join(said()).endswith(end), (text, said())
    read('7998 7999')
    assert len(said()) == 12 and status() == 'It has said nothing yet.', said()
    press('#first [name=next]')
    assert len(said()) == 13 and status().startswith('It said “') and '0 numbers right, ' in status(), status()
    word = page.inner_text('#second .next button span')
    press('#second .next button')                                        # a word in the network's place, and on
    assert said('second')[-1] == word and status('second') == 'It has said nothing yet.', said('second')
    assert page.evaluate('document.activeElement.dataset.say'), 'the focus is lost'
    page.select_option('#second .other', 'hundred')
    press('#second [name=say]')
    assert said('second')[-1] == 'hundred'
    read('100 101')
    for _ in range(4): press('#first [name=next]')                       # one hundred two ,
    assert status() == 'It said “,”. 1 number right, no mistake.', status()
    read('1000 1001')
    press('#first [name=far]')
    page.wait_for_function('!panels[0].running', timeout=60_000)
    n = page.evaluate('panels[0].reader.counted')
    assert f'{n:,} numbers right, then “' in status(), status()
    read('one one one')                                                  # nothing that could be counted
    for _ in range(3): press('#first [name=next]')
    assert status().endswith('here no count can be told.') and '0 numbers' in status(), status()
    before = page.evaluate('panels[0].reader.words.length')
    page.check('#keep')                                                  # the state is kept, or forgotten
    read('one ,')
    assert page.evaluate('panels[0].reader.words.length') == before + 2
    page.select_option('#second-net', 'rnn')                             # another network reads all that was given
    assert page.evaluate('panels[1].reader.words.length') == 5
    press('#forget')
    assert status() == 'It has read nothing yet.'
    page.uncheck('#keep')
    page.select_option('#second-net', '')
    assert page.is_hidden('#second .body')
    own = {'mine': ('mine', 'Not trained.', next(iter(NETWORKS)).learner())}        # a page of one's own
    page.goto(write_page(BUILD/'own', own).resolve().as_uri())
    assert page.inner_text('#first .network').startswith('Not trained.') and len(said()) == 5, said()
    assert not wrong, wrong
    return 'all that a reader can press does what it says'

def test_wait(browser):
    "How long an answer takes after a key"
    page, _ = watched(browser)
    page.goto(url('networks.html'))
    page.evaluate("""() => $('#text').addEventListener('input', () => {
        const start = performance.now()
        requestAnimationFrame(() => setTimeout(() => { window.waited = performance.now() - start }))
    }, {capture: true})""")
    page.focus('#text')
    page.keyboard.press('Control+a')
    page.keyboard.type('8')
    page.wait_for_function('window.waited')
    return f'{page.evaluate("window.waited"):.0f} ms'

def axe():
    "The script of axe, from npm; None where there is no npm or no registry"
    file = BUILD/'axe'/'package'/'axe.min.js'
    if not file.exists():
        file.parent.parent.mkdir(parents=True, exist_ok=True)
        npm = shutil.which('npm')
        packed = npm and subprocess.run([npm, 'pack', '--silent', 'axe-core@4'], cwd=BUILD/'axe', capture_output=True,
                                        text=True)
        if not packed or packed.returncode: return None
        with tarfile.open(BUILD/'axe'/packed.stdout.split()[-1]) as tar: tar.extractall(BUILD/'axe', filter='data')
    return file.read_text(encoding='utf-8')

def test_access(browser):
    "axe finds nothing serious, in the light and in the dark"
    script = axe()
    if script is None: return 'SKIPPED: axe-core could not be had from npm'
    for scheme in 'light', 'dark':
        page, _ = watched(browser, color_scheme=scheme)
        for name in LOOKED_AT:
            page.goto(url(f'{name}.html'))
            page.evaluate(script)
            found = page.evaluate('axe.run()')['violations']
            bad = [(o['id'], o['help'], [n['html'][:200] for n in o['nodes'][:3]]) for o in found
                   if o['impact'] in ('serious', 'critical')]
            assert not bad, (name, scheme, bad)
    return f'{", ".join(LOOKED_AT)}: nothing serious'

def test_sizes(browser):
    "The site, its first page and the file of the networks are small"
    page, _ = watched(browser)
    files = []
    page.on('requestfinished', lambda r: files.append(r.url))
    page.goto(url('index.html'), wait_until='networkidle')
    def size(link): return Path(unquote(urldefrag(link)[0].split('?')[0].removeprefix('file://'))).stat().st_size
    first = sum(size(o) for o in set(files) if o.startswith('file:'))
    site, nets = sum(o.stat().st_size for o in SITE.rglob('*') if o.is_file()), (SITE/'networks.js').stat().st_size
    assert site < 30e6 and first < 1e6 and nets < 1e6, (site, first, nets)
    return f'site {site/1e6:.1f} MB, first page {first/1e3:.0f} kB, networks {nets/1e3:.0f} kB'

def screenshots(browser):
    (BUILD/'screenshots').mkdir(parents=True, exist_ok=True)
    for width in 400, 1280:
        for scheme in 'light', 'dark':
            page, _ = watched(browser, viewport=dict(width=width, height=900), color_scheme=scheme)
            for file in [*sorted(SITE.glob('*.html')), *sorted(SITE.glob('api/*.html'))]:
                page.goto(file.as_uri())
                wide = page.evaluate('document.documentElement.scrollWidth')
                assert wide <= width, f'{file.name} is {wide} pixels wide on a screen of {width}'
                if file.stem in LOOKED_AT and file.parent == SITE:
                    page.screenshot(path=BUILD/'screenshots'/f'{file.stem}_{width}_{scheme}.png')
    return f'in {BUILD/"screenshots"}; no page is wider than its screen'

if __name__ == '__main__':
    chrome = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
    if chrome is None:
        print('SKIPPED: the site was not looked at, since there is no Chromium or Chrome.')
        sys.exit()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chrome, args=['--no-sandbox'])
        for test in test_sizes, test_networks, test_use, test_wait, test_pages, test_search, test_access, screenshots:
            print(f'{test.__name__.removeprefix("test_")}: {test(browser)}', flush=True)
