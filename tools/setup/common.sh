# Messages and helpers shared by the set-up parts. Sourced by ./oms.

SETUP_DID=""

# Progress goes to standard error, so that `./oms env` and scripts can read standard output.
say() {
    printf '\033[36m•\033[0m %s\n' "$*" >&2
    SETUP_DID=1
}

die() {
    printf '\033[31m✗\033[0m %s\n' "$*" >&2
    exit 1
}

say_done() {
    [[ -n $SETUP_DID ]] && say "ready: $OMS_HOME"
    return 0
}

is_root() { [[ $(id -u) -eq 0 ]]; }

# Runs a command whose output only matters when it fails.
quietly() {
    local log
    log="$(mktemp)"
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

as_root() {
    if is_root; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo. Run as root: $*"
    fi
}

# Short name of a path or text, for names of files and sockets.
short_hash() { printf '%s' "$1" | sha256sum | cut -c1-8; }
