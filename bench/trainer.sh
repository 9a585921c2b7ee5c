#!/usr/bin/env bash
# Measures the trainer beside Keras and PyTorch and writes docs/benchmarks.md; about ten minutes on an otherwise idle machine.
#
#   bench/trainer.sh [ROUNDS [SECONDS]]     # SECONDS each peer trains per round
#   bench/trainer.sh --avx2 [ROUNDS [SECONDS]]   # as on a processor without AVX512, emulated; writes a section of its own
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=$(bench/venv.sh)
data=$(hack/data.sh | tail -n 1)
trainer=trainer/target/dist/bin/fashion-trainer
"$JAVA_HOME/bin/java" bench/TrainerBenchmark.java $trainer "$python" "$data" docs/benchmarks.md "$@"
[ "${1:-}" != --avx2 ] || exit 0
"$JAVA_HOME/bin/java" bench/DataMemory.java $trainer "$data" docs/benchmarks.md "${1:-3}"
