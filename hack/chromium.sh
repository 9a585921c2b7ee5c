#!/usr/bin/env bash
# Prints the path of a Chromium, for the tests that open pages, having installed Debian's if need be. Where there is none to be had it says so
# and prints nothing: those tests are then skipped.
#
#   hack/chromium.sh
set -euo pipefail
# shellcheck source=hack/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

# Without a font its pages have no text.
find_chromium || { apt_install chromium fonts-dejavu-core && find_chromium; } || say "No Chromium here, and none can be installed: no page will be opened"
