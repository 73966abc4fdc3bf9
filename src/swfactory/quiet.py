"""What libraries print while they load: the terminal is the surface's, not a library's."""

from __future__ import annotations

import logging

__all__ = ["quiet_transformers"]


def quiet_transformers() -> None:
    """Silence the progress bars of Transformers, and what bitsandbytes says of kernels that it can do without.

    Call it before anything that brings bitsandbytes is imported: PEFT and sentence-transformers do.

    Raises:
        ImportError: Transformers is not installed.
    """
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
