# System packages: the only thing that touches the machine outside $OMS_HOME.

# Debian's binaries of the newest installed PostgreSQL, or what PATH offers.
pg_bin() {
    local dir
    dir="$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)"
    if [[ -x $dir/initdb && -x $dir/postgres ]]; then
        echo "$dir"
    elif command -v initdb >/dev/null && command -v postgres >/dev/null; then
        dirname "$(readlink -f "$(command -v initdb)")"
    fi
}

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

missing_packages() {
    local packages=()
    if uses_own_postgres; then
        [[ -n $(pg_bin) ]] || packages+=(postgresql)
    else
        command -v psql >/dev/null || packages+=(postgresql-client)
    fi
    command -v wkhtmltopdf >/dev/null || packages+=(wkhtmltopdf)
    [[ -n $(find_chromium) ]] || packages+=(chromium)
    # Without any font Chromium and wkhtmltopdf draw empty boxes.
    [[ -d /usr/share/fonts/truetype/dejavu ]] || packages+=(fonts-dejavu-core)
    [[ -n $(ldconfig_path libmagic.so.1) ]] || packages+=(libmagic1)
    [[ -f /usr/share/keyrings/debian-archive-keyring.gpg || ! -f /etc/debian_version ]] || packages+=(debian-archive-keyring)
    [[ -n $(find_python) ]] || packages+=(python3 python3-venv)
    echo "${packages[@]}"
}

ldconfig_path() {
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | awk -v lib="$1" '$1 == lib { print $NF; exit }'
}

apt_install() {
    command -v apt-get >/dev/null || die "missing: $*. This machine has no apt-get; install their equivalents and try again."
    if ! is_root && ! command -v sudo >/dev/null; then
        die "missing system packages, and this is neither root nor is there sudo. Run as root: apt-get install $*"
    fi
    say "installing system packages: $*"
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q || die "apt-get update failed (see above)"
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" \
        || die "apt-get install $* failed (see above)"
}

setup_system() {
    local packages
    packages="$(missing_packages)"
    # Word splitting is meant: one word per package.
    # shellcheck disable=SC2086
    [[ -z $packages ]] || apt_install $packages
}
