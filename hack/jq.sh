#!/usr/bin/env bash
# Prints the path of jq, with which the runbook reads the log, having installed Debian's if need be.
set -euo pipefail
# shellcheck source=hack/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

command -v jq || { apt_install jq && command -v jq; } || die "jq is needed: install it"
