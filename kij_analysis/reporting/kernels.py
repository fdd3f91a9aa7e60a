"""A kernel that stays for several notebooks: what Python has loaded stays, what they have named goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

EMPTIED = "get_ipython().reset(new_session=False)"


class Kernel:
    """One Python kernel of one thread, started when it is first needed and after it has died."""

    def __init__(self) -> None:
        self._manager: Any = None

    def ready(self, folder: Path) -> Any:
        """The manager of a running kernel without names of its own, for the parameter `km` of papermill."""
        from jupyter_core.utils import run_sync

        if self._manager is not None and run_sync(self._manager.is_alive)():
            self._run(EMPTIED)
            return self._manager
        self._manager = _manager()
        run_sync(self._manager.start_kernel)(cwd=str(folder))
        return self._manager

    def stop(self) -> None:
        """End the kernel if there is one."""
        from jupyter_core.utils import run_sync

        if self._manager is not None:
            run_sync(self._manager.shutdown_kernel)(now=True)
            self._manager = None

    def _run(self, source: str) -> None:
        import nbformat
        from nbclient import NotebookClient

        cells = [nbformat.v4.new_code_cell(source)]
        NotebookClient(nbformat.v4.new_notebook(cells=cells), km=self._manager).execute()


def _manager() -> Any:
    """A kernel manager whose connection is encrypted, which also silences ipykernel's warning."""
    from jupyter_client.manager import AsyncKernelManager

    class PrivateKernelManager(AsyncKernelManager):
        transport_encryption = "auto"

    return PrivateKernelManager(kernel_name="python3")
