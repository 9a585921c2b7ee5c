#!/usr/bin/env bash
# Measures how soon the trainer and Keras reach a test accuracy of 0.90 and writes docs/benchmarks.md; about an hour on an otherwise idle machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=$(bench/venv.sh)
data=$(hack/data.sh | tail -n 1)
"$JAVA_HOME/bin/java" bench/TimeToAccuracy.java trainer/target/dist/bin/fashion-trainer "$python" "$data" docs/benchmarks.md
