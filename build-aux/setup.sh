# SPDX-License-Identifier: LGPL-2.1-or-later
# Read by examples/run, tests/run and tests/deep: finds or installs what they need, configures and builds.
# They set `root`, the top of the source tree. Messages go to the standard error.

say () {
  printf '%s\n' "$*" >&2
}

die () {
  say "$*"
  exit 1
}

# What is needed to build: a probe, and the packages of Debian and Ubuntu, of Fedora and of Arch that it stands for.
needed_to_build='
cmd:cc gcc gcc gcc
cmd:c++ g++ gcc-c++ gcc
header:stdlib.h libc6-dev glibc-devel glibc
header:boost/version.hpp libboost-dev boost-devel boost
cmd:meson meson meson meson
cmd:ninja ninja-build ninja-build ninja
cmd:pkg-config pkg-config pkgconf-pkg-config pkgconf
cmd:/usr/bin/python3 python3 python3 python
pc:gio-unix-2.0 libglib2.0-dev glib2-devel glib2
pc:sqlite3 libsqlite3-dev sqlite-devel sqlite
pc:expat libexpat1-dev expat-devel expat
cmd:g-ir-scanner gobject-introspection gobject-introspection-devel gobject-introspection
pc:gobject-introspection-1.0 libgirepository1.0-dev gobject-introspection-devel gobject-introspection
py:gi python3-gi python3-gobject python-gobject
'

# What the tests need beside that.
needed_to_test='
pc:criterion libcriterion-dev criterion-devel criterion
cmd:gi-docgen gi-docgen gi-docgen gi-docgen
cmd:gjs gjs gjs gjs
cmd:vapigen valac vala vala
cmd:valac valac vala vala
cmd:groff groff-base groff groff
cmd:clang clang clang clang
fuzzer:clang libclang-rt-dev compiler-rt compiler-rt
sanitizer:cc gcc libasan gcc
py:ensurepip python3-venv python3 python
py:pytest python3-pytest python3-pytest python-pytest
py:numpy python3-numpy python3-numpy python-numpy
py:scipy python3-scipy python3-scipy python-scipy
py:pandas python3-pandas python3-pandas python-pandas
py:nbclient python3-nbclient python3-nbclient python-nbclient
postgresql:initdb postgresql postgresql-server postgresql
py:ipykernel python3-ipykernel python3-ipykernel python-ipykernel
'

# have PROBE: whether what it names is there.
have () {
  case $1 in
    cmd:*) command -v "${1#*:}" ;;
    pc:*) pkg-config --exists "${1#*:}" ;;
    py:*) /usr/bin/python3 -c "import ${1#*:}" ;;
    # Debian keeps the server's programs out of the PATH.
    postgresql:*) command -v "${1#*:}" || ls /usr/lib/postgresql/*/bin/"${1#*:}" ;;
    header:*) printf '#include <%s>\n' "${1#*:}" | cc -E - ;;
    fuzzer:*) printf 'int LLVMFuzzerTestOneInput (const char *d, unsigned long n) { return d != 0 && n == 0; }\n' |
      clang -fsanitize=fuzzer,address -x c - -o "$log" ;;
    sanitizer:*) printf 'int main (void) { return 0; }\n' | cc -fsanitize=address,undefined -x c - -o "$log" ;;
  esac >/dev/null 2>&1
}

# missing LIST FIELD: the packages (2: Debian, 3: Fedora, 4: Arch) of the probes that fail, in one line.
missing () {
  printf '%s\n' "$1" | while read -r probe debian fedora arch; do
    [ -n "$probe" ] || continue
    have "$probe" && continue
    case $2 in 2) echo "$debian" ;; 3) echo "$fedora" ;; 4) echo "$arch" ;; esac
  done | sort -u | tr '\n' ' '
}

as_root () {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -- "$@"
  fi
}

apt_get () {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get "$@"
}

# The lists of packages are only fetched where they are missing or too old to install from.
install_with_apt () {
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    die "To install packages, run this as root or install sudo. Missing: $packages"
  say "Installing: $packages"
  # shellcheck disable=SC2086
  apt_get install -y -q --no-install-recommends $packages >"$log" 2>&1 && return
  apt_get update -q >>"$log" 2>&1 || { cat "$log" >&2; die "The lists of packages cannot be fetched."; }
  # shellcheck disable=SC2086
  apt_get install -y -q --no-install-recommends $packages >>"$log" 2>&1 ||
    { cat "$log" >&2; die "These packages cannot be installed: $packages"; }
}

# need LIST: installs what is missing on Debian and Ubuntu; elsewhere names it and stops.
need () {
  packages=$(missing "$1" 2)
  [ -n "$packages" ] || return 0
  family=$(. /etc/os-release 2>/dev/null && echo "${ID-} ${ID_LIKE-}")
  case " $family " in
    " debian "*|" ubuntu "*) install_with_apt ;;
    *" debian "*|*" ubuntu "*) die "Please install: $packages" ;;
    *" fedora "*|*" rhel "*) die "Please install: $(missing "$1" 3)" ;;
    *" arch "*) die "Please install: $(missing "$1" 4)" ;;
    *) die "Please install what Debian calls: $packages" ;;
  esac
  packages=$(missing "$1" 2)
  [ -z "$packages" ] || die "Still missing after the installation: $packages"
}

# quietly COMMAND...: shows what it printed only if it fails.
quietly () {
  "$@" >"$log" 2>&1 </dev/null || { cat "$log" >&2; die "This failed: $*"; }
}

# configure FOLDER OPTION...: nothing to do where the folder was configured with the same options.
configure () {
  folder=$1
  shift
  if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/options" 2>/dev/null)" != "$*" ]; then
    if [ -f "$folder/build.ninja" ]; then
      quietly meson setup --reconfigure "$folder" "$root" "$@"
    else
      quietly meson setup "$folder" "$root" "$@"
    fi
    printf '%s\n' "$*" >"$folder/options"
  fi
}

# What root built for a user of sudo belongs to that user.
give_back () {
  if [ "$(id -u)" = 0 ] && [ -n "${SUDO_UID-}" ]; then
    for folder in "$@"; do
      [ ! -d "$folder" ] || chown -R "$SUDO_UID:${SUDO_GID-}" "$folder"
    done
  fi
}

# leave FOLDER...: whatever ends a script, nothing temporary stays, nor anything of root's among somebody else's files.
leave () {
  rm -f "$log"
  give_back "$@"
}

log=$(mktemp)
trap 'leave' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
# Nothing is written into the source tree.
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
