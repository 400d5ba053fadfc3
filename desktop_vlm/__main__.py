"""`python -m desktop_vlm` is `desktop-vlm`."""

import os  # which Python has loaded already, as anything that is imported before the current folder is forgotten
import sys

import desktop_vlm


def forget_current_folder() -> None:
    """Have modules come from where they are installed only: `python -m` looks in the current folder before all others.

    A checkout that is not installed stays, behind all others.
    """
    if sys.flags.safe_path or not sys.path:
        return
    first = os.path.abspath(sys.path[0])  # noqa: PTH100 - see above
    if first == os.getcwd():  # noqa: PTH109
        del sys.path[0]
        if desktop_vlm.__path__[0] == os.path.join(first, "desktop_vlm"):  # noqa: PTH118
            sys.path.append(first)


if __name__ == "__main__":
    forget_current_folder()

    from desktop_vlm.cli.main import main

    sys.exit(main())
