#!/bin/sh
# A Chromium for the browser tests: what is there; Debian's package where CI=true or `make browser` asks for it; else
# one line that says how to get it.
set -u
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "${1:-}" = install ] || [ "${CI:-}" = true ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        printf '%s\n' "[setup] installing Debian's chromium for the browser tests" >&2
        apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq chromium >/dev/null 2>&1 && exit 0
    fi
    printf '%s\n' "error: the browser tests need chromium: apt-get install chromium" >&2
    exit 1
fi
printf '%s\n' "note: no chromium, so the browser tests are skipped. To run them: make browser (or apt-get install chromium)" >&2
