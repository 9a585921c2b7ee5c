#!/usr/bin/env bash
# Gives the built distribution the JVM's ahead-of-time cache, so that `make train` starts as fast as the container does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=hack/lib.sh
. hack/lib.sh

make_aot_cache trainer/target/dist "$(hack/data.sh | tail -n 1)"
