# A Python that Odoo 19 supports (3.10 to 3.13), and the virtual environments.

VENV="$OMS_HOME/venv"
OMS_PYTHON="$VENV/bin/python"

python_fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    local candidate path
    for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10; do
        path="$(command -v "$candidate" || true)"
        if [[ -n $path ]] && python_fits "$path"; then
            echo "$path"
            return
        fi
    done
}

setup_python() {
    BASE_PYTHON="$(find_python)"
    [[ -n $BASE_PYTHON ]] || die "no Python between 3.10 and 3.13 with venv found (apt-get install python3 python3-venv, or put one on the PATH)"
}

# make_venv FOLDER REQUIREMENTS...: pinned and complete lists, so pip need not resolve anything.
make_venv() {
    local venv="$1" args=() file stamp
    shift
    stamp="$(cat "$@" | sha256sum | cut -c1-16)"
    if [[ -x $venv/bin/python && $(cat "$venv/.stamp" 2>/dev/null) == "$stamp" ]] && "$venv/bin/python" -c '' 2>/dev/null; then
        return
    fi
    for file in "$@"; do
        args+=(-r "$file")
    done
    say "installing Python packages into ${venv#"$OMS_HOME"/}"
    # A working environment is brought up to date in place: another ./oms may be using it.
    if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        rm -rf "$venv"
        "$BASE_PYTHON" -m venv "$venv" || die "python -m venv failed (apt-get install python3-venv)"
    fi
    quietly "$venv/bin/python" -m pip install --disable-pip-version-check --no-deps --no-compile "${args[@]}" \
        || die "pip could not install the pinned requirements (see above)"
    echo "$stamp" >"$venv/.stamp"
}

fill_venv() {
    make_venv "$VENV" "$OMS_ROOT/requirements.txt" "$OMS_ROOT/requirements-test.txt"
}

setup_venv() {
    # Makes `import odoo` work, and lets pip see that Odoo 19.0 is installed.
    local pth
    pth="$("$OMS_PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/odoo.pth"
    [[ $(cat "$pth" 2>/dev/null) == "$ODOO_PATH" ]] || echo "$ODOO_PATH" >"$pth"
    export VENV OMS_PYTHON
    # So that subprocesses (pytest, wkhtmltopdf is elsewhere) find the environment's programs.
    export PATH="$VENV/bin:$PATH"
}
