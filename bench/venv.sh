#!/usr/bin/env bash
# Makes (or completes) the Python environment of goldens, checks and peers.
# usage: bench/venv.sh [DIR [SET...]]   sets: tensorflow, sklearn, torch; all three when none is named; aiplatform, which wants an environment of its own
# Prints the path of its python. A second run does nothing unless a requirement changed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=hack/lib.sh
. "$here/../hack/lib.sh"
venv=${1:-$cache/venv}
shift || true
sets=("$@")
[ ${#sets[@]} -gt 0 ] || sets=(tensorflow sklearn torch)

# A fresh Debian has Python, but neither venv nor pip.
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv" >&2 || { apt_install python3-venv && python3 -m venv "$venv" >&2; } ||
  die "cannot make a Python environment: install python3-venv"

for set in "${sets[@]}"; do
  requirements=$here/requirements-$set.txt
  if [ ! -f "$requirements" ]; then
    echo "venv.sh: no set '$set': use tensorflow, sklearn, torch or aiplatform" >&2
    exit 2
  fi
  done_mark=$venv/requirements-$set.done
  cmp -s "$requirements" "$done_mark" && continue
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$requirements" >&2
  if [ "$set" = torch ]; then
    "$venv/bin/python" "$here/torch_without_cuda.py" \
      "$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')"
  fi
  cp "$requirements" "$done_mark"
done
echo "$venv/bin/python"
