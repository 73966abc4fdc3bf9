"""Runs as rich output in Jupyter: pictures, progress, files and tables; needs no extension and no connection.

```python
from swfactory import Factory
from swfactory.notebook import files, steps, watch

factory = Factory()
handle = factory.start("`python main.py NAME` prints `hello NAME`.")
run = watch(handle)
files(handle)
```
"""

from swfactory.notebook.live import watch
from swfactory.notebook.rich import Rich
from swfactory.notebook.showing import files, graph, show, steps
from swfactory.notebook.table import compare

__all__ = ["Rich", "compare", "files", "graph", "show", "steps", "watch"]
