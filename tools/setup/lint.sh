# ./oms lint [--fix] [TOOL...]: pinned linters from PyPI and npm, kept in $OMS_HOME/lint.

LINT_VENV="$OMS_HOME/lint/venv"
LINT_NODE="$OMS_HOME/lint/node"
LINT_TOOLS="ruff pylint oca prettier eslint shell"

setup_lint() {
    # Another lock than the set-up's: linting need not wait for Odoo.
    mkdir -p "$OMS_HOME/lint"
    exec 9>"$OMS_HOME/lint/lock"
    flock 9
    [[ -n $(find_python) ]] || apt_install python3 python3-venv
    setup_python
    make_venv "$LINT_VENV" "$OMS_ROOT/requirements-lint.txt"
    setup_node
    exec 9>&-
}

setup_node() {
    local stamp major
    command -v node >/dev/null && command -v npm >/dev/null || apt_install nodejs npm
    major="$(node -p 'process.versions.node.split(".")[0]')"
    ((major >= 18)) || die "eslint needs Node 18 or newer; this is $(node --version)"
    stamp="$(cat "$OMS_ROOT"/tools/lint/package*.json | sha256sum | cut -c1-16)"
    [[ $(cat "$LINT_NODE/.stamp" 2>/dev/null) != "$stamp" ]] || return 0
    say "installing prettier and eslint"
    rm -rf "$LINT_NODE"
    mkdir -p "$LINT_NODE"
    cp "$OMS_ROOT"/tools/lint/package*.json "$LINT_NODE"
    (cd "$LINT_NODE" && quietly npm ci --no-audit --no-fund) || die "npm could not install the linters (see above)"
    echo "$stamp" >"$LINT_NODE/.stamp"
}

# Files of the checkout whose names end in one of the arguments, also those not yet
# committed; without git (an unpacked archive) whatever is there.
files_ending() {
    local ending patterns=() names=()
    for ending in "$@"; do
        patterns+=("*.$ending")
        names+=(-o -name "*.$ending")
    done
    if git -C "$OMS_ROOT" rev-parse --git-dir >/dev/null 2>&1; then
        git -C "$OMS_ROOT" ls-files -z -co --exclude-standard -- "${patterns[@]}"
    else
        (cd "$OMS_ROOT" && find . -type f \( -false "${names[@]}" \) -print0)
    fi | while IFS= read -r -d '' file; do
        # What is deleted but not yet committed is still listed.
        [[ ! -f $OMS_ROOT/$file ]] || printf '%s\0' "$file"
    done
}

addon_folders() {
    find "$OMS_ROOT" -maxdepth 2 -path "$OMS_ROOT/*oms_order_cycle*/__manifest__.py" -printf '%h\n' | sort | sed 's|.*/||'
}

# on_files ENDINGS -- COMMAND: runs it once with the files, or not at all when there are none.
on_files() {
    local endings=()
    while [[ $1 != -- ]]; do
        endings+=("$1")
        shift
    done
    shift
    files_ending "${endings[@]}" | xargs -0 -r "$@"
}

lint_ruff() {
    local ruff="$LINT_VENV/bin/ruff" good=0
    export RUFF_CACHE_DIR="$OMS_HOME/lint/ruff"
    if [[ -n $FIX ]]; then
        "$ruff" check --quiet --fix-only .
        "$ruff" format --quiet .
    fi
    # Both always run, so that one call shows everything.
    "$ruff" check --quiet --output-format=concise . || good=1
    "$ruff" format --quiet --output-format=concise --check . || good=1
    return "$good"
}

lint_pylint() {
    local folders
    folders="$(addon_folders)"
    # shellcheck disable=SC2086
    [[ -z $folders ]] || "$LINT_VENV/bin/pylint" --rcfile=.pylintrc --score=no --jobs=2 $folders
}

lint_oca() {
    local folders
    folders="$(addon_folders)"
    [[ -n $folders ]] || return 0
    # shellcheck disable=SC2086
    "$LINT_VENV/bin/oca-checks-odoo-module" --config=.oca_hooks.cfg $folders || return 1
    on_files po pot -- "$LINT_VENV/bin/oca-checks-po" --config="$OMS_ROOT/.oca_hooks.cfg"
}

lint_prettier() {
    local mode=--check
    [[ -n $FIX ]] && mode=--write
    on_files xml js mjs css scss yml yaml json -- "$LINT_NODE/node_modules/.bin/prettier" --log-level=warn \
        --plugin="$LINT_NODE/node_modules/@prettier/plugin-xml/src/plugin.js" "$mode"
}

lint_eslint() {
    on_files js mjs -- "$LINT_NODE/node_modules/.bin/eslint" --max-warnings=0 --no-warn-ignored ${FIX:+--fix}
}

lint_shell() {
    local file
    for file in oms .ci/run tools/setup/*.sh; do
        bash -n "$file" || return 1
    done
}

run_lint() {
    local tool tools=() failed=()
    FIX=""
    for tool in "$@"; do
        case " $LINT_TOOLS --fix " in
            *" $tool "*) ;;
            *) die "unknown linter $tool; there are: $LINT_TOOLS" ;;
        esac
        if [[ $tool == --fix ]]; then FIX=1; else tools+=("$tool"); fi
    done
    [[ ${#tools[@]} -gt 0 ]] || read -ra tools <<<"$LINT_TOOLS"
    cd "$OMS_ROOT"
    for tool in "${tools[@]}"; do
        if "lint_$tool"; then
            printf '  %-9s ok\n' "$tool"
        else
            printf '  %-9s FAILED\n' "$tool"
            failed+=("$tool")
        fi
    done
    [[ ${#failed[@]} -eq 0 ]] || die "lint: ${failed[*]} (./oms lint --fix repairs what can be repaired)"
}
