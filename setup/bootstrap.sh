#!/bin/sh
# Create the environment: bootstrap.sh PYTHON VENV. Packages come from requirements.lock, every file held against its hash.
set -eu
python=$1
venv=$2
say() { printf '%s\n' "$*" >&2; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    say "error: Python 3.11 or newer is needed, $python is $("$python" --version 2>&1). Name another: make PYTHON=python3.12"
    exit 1
}

refuse() {
    say "error: $1: nothing is done. Name another: make setup VENV=folder"
    exit 1
}
mark="$venv/.compute-claims"  # what has it was made here, and only that is ever removed
if [ ! -e "$mark" ] && [ ! -e "$venv/.ready" ] && [ -n "$(ls -A "$venv/" 2>/dev/null || ls -Ad "$venv" 2>/dev/null)" ]; then
    [ -e "$venv/pyvenv.cfg" ] && [ -x "$venv/bin/python" ] || refuse "$venv is no environment, and not this project's"
    own=$("$venv/bin/python" -m pip freeze 2>/dev/null) || own="no pip, as uv leaves it"
    [ -z "$own" ] || refuse "$venv is an environment with packages of its own, or without pip"
fi
asked() { [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }
begin() {
    if [ -e "$mark" ]; then rm -rf "$venv"; fi
    mkdir -p "$venv"
    : >"$mark"
}

# Debian ships python3 without ensurepip unless python3-venv is installed; a pip elsewhere on the system does as well.
create() {
    begin
    if "$python" -m venv "$venv" >/dev/null 2>&1; then return 0; fi
    begin
    if "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip "$venv"; then
        "$python" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check pip && return 0
    fi
    begin
    if command -v uv >/dev/null 2>&1 && uv venv --quiet --allow-existing --seed --python "$python" "$venv"; then return 0; fi
    if command -v virtualenv >/dev/null 2>&1 && virtualenv --quiet --python "$python" "$venv"; then return 0; fi
    return 1
}

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    say "[setup 1/3] environment $venv is there"
else
    say "[setup 1/3] creating $venv"
    create || {
        if asked; then
            say "            this Python has no venv; installing Debian's python3-venv"
            apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        fi
        create || {
            say "error: $python cannot create environments. Get the missing part: apt-get install python3-venv (CI=true installs it)"
            exit 1
        }
    }
fi

say "[setup 2/3] installing $(grep -c '^[a-zA-Z]' requirements.lock) locked packages (first time: a minute or two)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-warn-script-location --require-hashes -r requirements.lock
say "[setup 3/3] installing the project"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
