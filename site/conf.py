"Settings of Sphinx: python -m sphinx -c site build/site _site"
import inspect, re, sys
from importlib import import_module
from pathlib import Path
from textwrap import shorten

sys.path.insert(0, str(Path(__file__).parent))
from docutils import nodes
from fastcore.docments import docments
from latex2mathml.converter import convert
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.inspect import object_description
from pages import CONFIG, FILES, HOMES, MODULES, ROOT

project, author, copyright = CONFIG['title'], CONFIG['author'], CONFIG['copyright']
html_title   = CONFIG['title']
html_baseurl = CONFIG['doc_host'] + CONFIG['doc_baseurl'] + '/'
version      = release = CONFIG['version']
language     = 'en'

extensions = ['myst_nb', 'sphinx.ext.autodoc', 'sphinx.ext.linkcode']
templates_path = ['templates']
html_static_path = ['static', str(ROOT/'build/site/_static')]
html_extra_path = [str(path) for path in [ROOT/'build/networks'] if path.exists()]
html_css_files, html_js_files = ['custom.css'], [('print.js', {'defer': 'defer'})]
html_show_search_summary = False                                 # it would fetch every page that is found
html_copy_source = html_show_sourcelink = html_show_sphinx = html_use_index = html_domain_indices = False
exclude_patterns = ['_static']

nb_execution_mode = 'off'
nb_ipywidgets_js = {}                                            # they would come from the network
nb_merge_streams = True
myst_enable_extensions = ['dollarmath']
myst_heading_anchors = 4
myst_url_schemes = {'http': None, 'https': None, 'mailto': None, 'page': '{{path}}'}     # page: a file of the site

html_context = {'default_mode': 'auto'}
html_theme = 'sphinx_book_theme'
html_sidebars = {'**': ['search-site.html', 'sbt-sidebar-nav.html']}
html_theme_options = dict(
    repository_url=CONFIG['git_url'], repository_branch=CONFIG['branch'], path_to_docs=CONFIG['nbs_path'],
    launch_buttons={'colab_url': 'https://colab.research.google.com'},
    use_repository_button=True, use_source_button=True, use_download_button=False, use_fullscreen_button=False,
    navbar_persistent=[], home_page_in_toc=True, show_toc_level=2, search_bar_text='Search', navigation_with_keys=False,
    pygments_light_style='a11y-high-contrast-light', pygments_dark_style='a11y-high-contrast-dark')

autodoc_member_order = 'bysource'
autodoc_typehints = 'description'
autodoc_typehints_description_target = 'documented'
autodoc_default_options = {'no-value': True}
toc_object_entries_show_parents = 'hide'
python_use_unqualified_type_names = add_module_names = False
nitpicky = True
nitpick_ignore_regex = [('py:class', '.*')]                      # annotations: of other packages, or not exported


def linkcode_resolve(domain, info):
    "The lines of an object in the repository"
    obj = import_module(info['module'])
    for name in info['fullname'].split('.'): obj = getattr(obj, name, None)
    try: lines, start = inspect.getsourcelines(inspect.unwrap(obj))
    except (TypeError, OSError): return None
    return f"{FILES}/{info['module'].replace('.', '/')}.py#L{start}-L{start + len(lines) - 1}"


def rst(text):
    "`text`, in which backticks mark code as in Markdown, for Sphinx; names of the package lead to their entries"
    def code(found):
        name = found[1]
        return (f':py:obj:`{name} <{HOMES[name]}>`' if name in HOMES else f'``{name}``') + r'\ '
    return re.sub(r'`([^`]+)`', code, text)

def describe(app, what, name, obj, options, lines):
    "Below the docstring come the comments that stand beside the parameters"
    lines[:] = map(rst, lines)
    if what == 'data': lines[:] = [f"A {type(obj).__name__}: ``{shorten(repr(obj), 300, placeholder=' ...')}``"]
    if what not in ('class', 'function', 'method'): return
    for parameter, said in docments(obj, full=True).items():
        field = 'returns' if parameter == 'return' else f'param {parameter}'
        if said.docment: lines += ['', f':{field}: {rst(said.docment)}']

def name_defaults(app, what, name, obj, options, signature, returns):
    "A default that has a name is shown by it: exported data, functions and classes"
    if not signature: return
    for known, home in HOMES.items():
        value = getattr(import_module(home.rpartition('.')[0]), known)
        if not callable(value): signature = signature.replace(f'={object_description(value)}', f'={known}')
    return re.sub(r"<(?:function|class) '?(?:\w+\.)*(\w+)'?>", r'\1', signature), returns


class FoldChecks(SphinxPostTransform):
    "The section Checks of a notebook is folded"
    default_priority = 100
    def run(self):
        opening = '<details class="checks"><summary>The tests that guard the package</summary>'
        for section in self.document.findall(nodes.section):
            if section['ids'][0] != 'checks': continue
            section.insert(1, nodes.raw('', opening, format='html'))                 # below the title
            section.append(nodes.raw('', '</details>', format='html'))


# Formulas in MathML, which browsers draw themselves

html_math_renderer = 'mathml'

def visit_formula(self, node):
    "A formula in a sentence"
    self.body.append(convert(node.astext()))
    raise nodes.SkipNode

def visit_display(self, node):
    "A formula on a line of its own, which may be wider than a phone"
    self.body.append(f'<div class="math" tabindex="0">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def lead_to_notebook(app, pagename, templatename, context, doctree):
    "The button for the source shows the notebook of the page, or of the module of an API page"
    stem = MODULES[pagename.removeprefix('api/')].stem if pagename.startswith('api/') else pagename
    for group in context['header_buttons']:
        if group.get('label') == 'source-buttons': group['icon'] = 'fas fa-code'      # spares the font of brands
        for button in group.get('buttons', []):
            if button.get('label') == 'source-repository-button': button['icon'] = 'fas fa-folder-open'
            if button.get('label') == 'source-file-button':
                button.update(url=f"{FILES}/{CONFIG['nbs_path']}/{stem}.ipynb", text='Notebook', tooltip='The notebook')


def setup(app):
    app.connect('autodoc-process-docstring', describe)
    app.connect('autodoc-process-signature', name_defaults)
    app.connect('html-page-context', lead_to_notebook, priority=900)
    app.add_post_transform(FoldChecks)
    app.add_html_math_renderer('mathml', (visit_formula, None), (visit_display, None))
