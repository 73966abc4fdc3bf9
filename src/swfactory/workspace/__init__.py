"""Where products and documents are kept."""

from swfactory.workspace.git import GitWorkspace
from swfactory.workspace.objects import FileObjectStore

__all__ = ["FileObjectStore", "GitWorkspace"]
