#!/bin/sh
# Makes .venv with the Python that is here, and installs the named groups of uv.lock:
#     sh coop_shop/demo/install.sh demo [test] [lint]
# Quick when nothing has changed since. What stands in the way is said in one sentence.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH
room_mb=1200

fail() {
    printf '\n%s\n' "$1" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

can_make_environments() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null
}

find_python() {
    lacks_venv=
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        is_new_enough "$name" || continue
        can_make_environments "$name" && python=$name && return
        lacks_venv=$name
    done
    [ -n "$lacks_venv" ] && fail "$lacks_venv has no venv module: install it (on Debian and Ubuntu: apt install python3-venv) and run this again."
    found=$(${PYTHON:-python3} --version 2>/dev/null || echo "no Python")
    fail "Python 3.11 or newer is needed and $found was found: install it, or name it (make demo PYTHON=/path/to/python3.11)."
}

make_environment() {
    find_python
    echo "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv >/dev/null || fail "The folder .venv could not be made in $(pwd): look at the line above, make room or change the folder's owner, and run this again."
}

check_folder() {
    mkdir -p .venv 2>/dev/null && touch .venv/probe 2>/dev/null && rm .venv/probe ||
        fail "The folder $(pwd) cannot be written to: change its owner, or clone the project into a folder of your own."
    free_mb=$(df -Pm . | awk 'NR == 2 { print $4 }')
    [ "$free_mb" -ge "$room_mb" ] ||
        fail "The disk of $(pwd) has $free_mb MB left and the packages need $room_mb MB: make room and run this again."
}

find_uv() {
    if [ -x .venv/bin/uv ]; then
        uv=.venv/bin/uv
    elif .venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8,<1' 2>/dev/null; then
        uv=.venv/bin/uv
    else
        uv=$(command -v uv)
    fi
}

install() {
    find_uv
    # Where the machine has certificates of its own (behind a company's proxy), these count.
    [ -e /etc/ssl/certs/ca-certificates.crt ] && export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
    wanted=
    for group in $groups; do wanted="$wanted --group $group"; done
    # shellcheck disable=SC2086
    if [ -n "$uv" ] && UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv "$uv" sync --frozen --inexact \
        --no-default-groups $wanted --python .venv/bin/python; then
        return
    fi
    # Where uv cannot work, pip can: requirements.txt says the same as uv.lock.
    [ "$groups" = demo ] && .venv/bin/python -m pip install --disable-pip-version-check -r requirements.txt && return
    fail "The packages could not be installed: look at the lines above; mostly the network is away or the disk is full."
}

groups=$*
if ! is_new_enough .venv/bin/python; then
    check_folder
    make_environment
fi
stamp=.venv/installed-$(echo "$groups" | tr ' ' '-')
state=$(cksum < uv.lock)
if [ "$(cat "$stamp" 2>/dev/null)" != "$state" ]; then
    check_folder
    echo "installing packages ($groups)"
    install
    echo "$state" > "$stamp"
fi
