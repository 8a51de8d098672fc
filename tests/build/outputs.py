"""Cells with every kind of output, for comparing two ways of executing them.

A cell marked `# raises` is meant to raise: it gets the tag by which Jupyter goes on after it.
"""

from __future__ import annotations

from pathlib import Path

import nbformat

from tests.build.notebooks import write_notebook

# An ordinary kernel looks at file descriptors in a thread of its own: the cells that write there wait for it.
STREAMS = (
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')\nsys.stdout.write('no newline')",
    "for step in range(3):\n    print(step, end='\\r')\nprint()\nsys.stdout.flush()\nprint('after the flush')",
    "import ctypes, os, subprocess, time\nos.write(1, b'descriptor\\n')\nos.system('echo system; echo problem >&2')\nlibc = ctypes.CDLL(None)\nlibc.puts(b'from C')\nlibc.fflush(None)\nsubprocess.run(['echo', 'child'])\nos.write(2, 'täst'.encode())\nos.write(1, b'\\xff\\xfe')\ntime.sleep(1.5)",
    "!echo shell; echo complaint >&2\nlines = !echo one; echo two\nlines",
    "import threading\nthread = threading.Thread(target=print, args=('from a thread',))\nthread.start()\nthread.join()",
    "child = os.fork()\nif not child:\n    print('from a fork', flush=True)\n    os._exit(0)\nos.waitpid(child, 0)\ntime.sleep(1.5)",
    "print('x' * 70_000)",
    "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.writable(), sys.stderr.name",
)
RESULTS = (
    "3",
    "None",
    "'text'",
    "_ * 2",
    "[list(range(40)), {'a': (1, 2.5), 'b': {3}}]",
    "In[1][:6], len(In), sorted(Out)[:2]",
    "5;",
    "import pandas as pd\nimport numpy as np\npd.DataFrame(np.arange(90).reshape(3, 30), columns=[f'column {n}' for n in range(30)])",
    "print(pd.DataFrame(np.arange(90).reshape(3, 30)))\npd.Series(range(100)) / 7",
    "pd.get_option('display.max_columns'), pd.get_option('display.width')",
    "np.arange(2000) / 3",
    "class Rich:\n    def __repr__(self):\n        return 'plain'\n    def _repr_html_(self):\n        return '<b>rich</b>'\n    def _repr_latex_(self):\n        return '$x$'\n    def _repr_png_(self):\n        return b'\\x89PNG\\r\\n'\nRich()",
    "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n        return {'application/json': {'a': [1, None]}, 'text/plain': 'bundle'}, {'application/json': {'expanded': True}}\nBundle()",
    "class Own:\n    def _ipython_display_(self):\n        print('shows itself')\nOwn()",
    "class Broken:\n    def __repr__(self):\n        raise ValueError('no text')\nBroken()  # raises",
    "class Half:\n    def _repr_html_(self):\n        raise ValueError('no html')\n    def __repr__(self):\n        return 'half'\nHalf()  # raises",
    "float('nan'), float('inf'), 1e300, 2**70, b'bytes', ...",
    "class Infinite:\n    def _repr_json_(self):\n        return {'x': float('inf')}\n    def __repr__(self):\n        return 'Infinite'\nInfinite()",
    "lambda: 0",
    "print(lambda: 0)",
)
DISPLAYS = (
    "from IPython.display import HTML, JSON, SVG, Image, Markdown, clear_output, display, update_display",
    "display(1, 'two', HTML('<i>three</i>'), Markdown('*four*'))\nprint('between')\ndisplay({'text/plain': 'raw'}, raw=True, metadata={'key': 1})",
    "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n', width=3)",
    "handle = display('first', display_id='one')\ndisplay('other')",
    "print('before')\nhandle.update('second')\nupdate_display('third', display_id='one')\nprint('after')",
    "print('gone')\ndisplay('gone too')\nclear_output()\nprint('left')",
    "print('replaced')\nclear_output(wait=True)\nprint('by this')",
    "print('waits in vain')\nclear_output(wait=True)",
    "%%capture caught\nprint('caught')\ndisplay(2)",
    "caught.stdout, len(caught.outputs)",
    "caught.show()",
    "%%html\n<u>magic</u>",
    "%%javascript\n1",
    "print('a'); display('b'); print('c', file=sys.stderr); display('d'); 'e'",
    "%xmode Plain",
    "%xmode Context",
    "%%bash\necho bash\necho stderr >&2",
    "%%writefile note.txt\nwritten",
    "len(get_ipython().run_line_magic('pwd', '')) > 0",
    "%env MPLBACKEND",
    "print?",
    "get_ipython().set_next_input('later')",
)
FIGURES = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt\n%config InlineBackend.figure_formats = ['svg']",
    "plt.rcParams['svg.hashsalt'] = 'fixed'\nplt.plot([1, 2], [3, 4])\nplt.title('$x^2$');",
    "figure, axes = plt.subplots()\naxes.bar(['a', 'b'], [1, 2])\nprint('text before the figure')\nNone",
    "plt.figure()\nplt.plot([1])\nplt.figure()\nplt.plot([2])\nplt.show()\nprint('text after both')",
    "figure",
    "%config InlineBackend.figure_formats = ['png']\nplt.imshow([[1, 2], [3, 4]]);",
    "plt.get_fignums(), plt.isinteractive(), plt.get_backend()",
)
ERRORS = (
    "def outer(n):\n    return inner(n)\n\n\ndef inner(n):\n    return 1 / n",
    "print('before')\nouter(0)  # raises",
    "try:\n    outer(0)\nexcept ZeroDivisionError as error:\n    raise KeyError('second') from error  # raises",
    "x = (  # raises",
    "undefined_name  # raises",
    "raise ExceptionGroup('several', [ValueError(1), TypeError(2)])  # raises",
    "raise KeyboardInterrupt  # raises",
    "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(20)  # raises",
    "input('name? ')  # raises",
    "import getpass\ngetpass.getpass()  # raises",
    "%no_such_magic  # raises",
    "%%no_such_cell_magic\n# raises",
    "import json\njson.loads('{')  # raises",
    "assert 1 == 2, 'message'  # raises",
    "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd  # raises",
)
WARNINGS = (
    "import warnings\nwarnings.warn('of a user')\nwarnings.warn('old', DeprecationWarning)\nwarnings.warn('pending', PendingDeprecationWarning)",
    "np.log(np.array([-1.0]))",
    "eval(compile(\"'\\\\d'\", 'x', 'eval'))",
    "import logging\nlogging.warning('seen')\nlogging.info('not seen')\nlogging.getLogger().level, logging.getLogger().handlers",
)
ASYNC = (
    "import asyncio\n\n\nasync def later(text):\n    await asyncio.sleep(0.05)\n    print(text)\n    return text\n\n\nawait later('awaited')",
    "task = asyncio.create_task(later('in the background'))\nasyncio.get_running_loop().is_running()",
    "await task",
    "asyncio.run(later('nested'))  # raises",
    "async for x in later('x'):  # raises\n    pass",
    "os.kill(os.getpid(), signal.SIGINT)\nawait asyncio.sleep(20)  # raises",
)
STATE = (
    "sys.path[1:], os.getcwd().split('/')[-1], __name__, '__file__' in globals()",
    "sorted(n for n in globals() if n[0] != '_'), sorted(n for n in globals() if n[0] == '_' and n[1:].strip('_i0123456789'))",
    "sorted(n for n in os.environ if not n.startswith(('JPY', 'PYTEST', 'PYDEVD', 'COLUMNS', 'LINES')))",
    "import scipy.stats, scipy.optimize  # which set filters of their own\nsorted(str((f[0], getattr(f[1], 'pattern', f[1]), f[2].__name__, getattr(f[3], 'pattern', f[3]), f[4])) for f in warnings.filters)",
    "import matplotlib\n{k: str(v) for k, v in matplotlib.rcParams.items()} == {k: str(v) for k, v in matplotlib.rcParams.items()}, sorted((k, str(v)) for k, v in matplotlib.rcParams.items() if str(v) != str(matplotlib.rcParamsDefault[k]))",
    "import gc, decimal, locale, signal\ngc.isenabled(), gc.get_threshold(), decimal.getcontext().prec, locale.setlocale(locale.LC_ALL), sys.getrecursionlimit(), sys.flags",
    "{s.name: str(signal.getsignal(s)) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE, signal.SIGHUP)}",
    "np.get_printoptions(), np.geterr(), [pd.get_option(o) for o in ('display.max_rows', 'display.precision', 'mode.chained_assignment')]",
    "get_ipython().kernel.implementation, get_ipython().display_formatter.active_types, get_ipython().colors",
    "[h.__class__.__name__ for h in logging.getLogger().handlers], logging.root.manager.disable, logging.getLogger('papermill').level",
    "sys.ps1 if hasattr(sys, 'ps1') else None, sys.excepthook.__name__, sys.displayhook is None, sys.gettrace(), sys.dont_write_bytecode",
    "sys.stdin.read() == '' if sys.stdin else None",
    "threading.current_thread() is threading.main_thread(), os.umask(0o022)",
    "[n for n in ('papermill', 'pytest') if n in sys.modules]",
    "hash('text'), sorted(e[0] for e in [('a', 1)])",
    "import resource, tempfile\ntempfile.gettempdir(), resource.getrlimit(resource.RLIMIT_NOFILE)",
    "%who",
    "%history -n 1-3",
)
ALL = (*STREAMS, *RESULTS, *DISPLAYS, *FIGURES, *ERRORS, *WARNINGS, *ASYNC, *STATE)


def write_outputs(path: Path, cells: tuple[str, ...] = ALL) -> Path:
    """A notebook of these cells."""
    write_notebook(path, *cells, parameters='data_dir: str = ""  # data')
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if "# raises" in cell.source:
            cell.metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    return path
