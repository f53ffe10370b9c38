# Odoo 19: the user's ($ODOO_HOME), else Debian's package, else a clone of the 19.0 branch.

ODOO_TREE="$OMS_HOME/odoo"

# The folder that contains the `odoo` package, for each way Odoo can be laid out under $1:
# a source checkout, a dist-packages folder, the package itself, a prefix or virtual environment.
odoo_path_in() {
    local home="$1" dir
    for dir in "$home" "$home"/src "$home"/usr/lib/python3/dist-packages \
        "$home"/lib/python3*/site-packages "$home"/lib/python3/dist-packages; do
        if [[ -f $dir/odoo/release.py ]]; then
            (cd "$dir" && pwd)
            return
        fi
    done
    [[ -f $home/release.py ]] && (cd "$home/.." && pwd)
    return 0
}

odoo_series() {
    sed -n 's/^version_info = (\([0-9]*\), \([0-9]*\),.*/\1.\2/p' "$1/odoo/release.py"
}

setup_odoo() {
    if [[ -n ${ODOO_HOME:-} ]]; then
        ODOO_PATH="$(odoo_path_in "$ODOO_HOME")"
        [[ -n $ODOO_PATH ]] || die "ODOO_HOME=$ODOO_HOME holds no Odoo (no odoo/release.py in it)"
    else
        ODOO_PATH="$(odoo_path_in "$ODOO_TREE")"
    fi
    [[ $(odoo_series "$ODOO_PATH") == 19.0 ]] || die "Odoo 19.0 is needed; $ODOO_PATH is $(odoo_series "$ODOO_PATH")"
    export ODOO_PATH
}

fetch_missing_odoo() {
    [[ -n ${ODOO_HOME:-} || -f $ODOO_TREE/.complete ]] || fetch_odoo
}

fetch_odoo() {
    rm -rf "$ODOO_TREE" "$ODOO_TREE.new"
    mkdir -p "$ODOO_TREE.new"
    if ! fetch_odoo_debian; then
        rm -rf "$ODOO_TREE.new"
        mkdir -p "$ODOO_TREE.new"
        fetch_odoo_git
    fi
    touch "$ODOO_TREE.new/.complete"
    mv "$ODOO_TREE.new" "$ODOO_TREE"
}

# --- Debian's package ------------------------------------------------------

DEBS="$OMS_HOME/debs"
APT_DIR="$OMS_HOME/apt"

# What the links inside the package point to. Unstable's Font Awesome (7) and Inconsolata lack
# the files linked to, so those come from the machine's own suite; the others may be missing there.
OWN_SUITE_PACKAGES="fonts-font-awesome fonts-inconsolata"
UNSTABLE_PACKAGES="libjs-jquery libjs-jquery-form libjs-underscore fonts-montserrat fonts-roboto-unhinted fonts-ocr-b"

fetch_odoo_debian() {
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    mkdir -p "$DEBS"
    if [[ ! -f $DEBS/.complete ]]; then
        write_apt_config || { say "no Debian mirror among this machine's package sources"; return 1; }
        say "looking for Odoo 19 in Debian unstable (the system's package sources stay as they are)"
        quietly private_apt update -q || return 1
        say "downloading Odoo 19 (120 MB)"
        download_deb private_apt odoo-19 || { say "Debian serves no odoo-19 here"; return 1; }
        download_companions || return 1
        touch "$DEBS/.complete"
    fi
    say "extracting Odoo 19"
    local deb
    for deb in "$DEBS"/*.deb; do
        dpkg-deb -x "$deb" "$ODOO_TREE.new" || { rm -f "$DEBS/.complete" "$deb"; return 1; }
    done
    repair_odoo_tree "$ODOO_TREE.new"
}

# A package source for unstable from the mirrors the machine uses, with state of its own.
# apt itself reads the machine's sources, so both of their formats work.
write_apt_config() {
    local mirrors keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    mirrors="$(apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' \
        | awk '$3 == "main" && $2 ~ /^(bookworm|trixie|forky|sid|stable|oldstable|testing|unstable)$/ { print $1 }' | sort -u)"
    [[ -n $mirrors ]] || return 1
    mkdir -p "$APT_DIR"/{state/lists/partial,cache/archives/partial,sources.list.d}
    # shellcheck disable=SC2086
    printf 'Types: deb\nURIs: %s\nSuites: sid\nComponents: main\nSigned-By: %s\n' "$(echo $mirrors)" "$keyring" \
        >"$APT_DIR/sources.list.d/unstable.sources"
    cat >"$APT_DIR/apt.conf" <<CONF
Dir::State "$APT_DIR/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$APT_DIR/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$APT_DIR/sources.list.d";
Acquire::Languages "none";
# The folder may be one that apt's own user cannot enter.
APT::Sandbox::User "root";
CONF
}

private_apt() { APT_CONFIG="$APT_DIR/apt.conf" apt-get "$@"; }

# The machine's own suites; the lists may never have been fetched on a bare machine.
own_apt() { apt-get -o APT::Sandbox::User=root "$@"; }

download_deb() {
    local apt="$1" package="$2"
    (cd "$DEBS" && "$apt" download -q "$package" >/dev/null 2>&1)
}

download_companions() {
    local package
    for package in $OWN_SUITE_PACKAGES; do
        download_deb own_apt "$package" && continue
        quietly as_root apt-get update -q
        download_deb own_apt "$package" || download_deb private_apt "$package" \
            || { say "could not download $package"; return 1; }
    done
    for package in $UNSTABLE_PACKAGES; do
        download_deb private_apt "$package" || download_deb own_apt "$package" \
            || { say "could not download $package"; return 1; }
    done
}

# What Debian took out of Odoo's source or moved between packages.
repair_odoo_tree() {
    local tree="$1" addons="$1/usr/lib/python3/dist-packages/odoo/addons" dangling
    # Only blurs the background of video calls; its absence is an error in each page's bundle.
    local blur="$addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if [[ -d $addons/mail && ! -e $blur ]]; then
        mkdir -p "$(dirname "$blur")"
        echo "/* left out by Debian */" >"$blur"
    fi
    dangling="$(find "$tree" -xtype l)"
    if [[ -n $dangling ]]; then
        printf '%s\n' "$dangling" >&2
        rm -f "$DEBS/.complete"
        die "the links above point nowhere: another package than tools/setup/odoo.sh lists is needed"
    fi
}

# --- git --------------------------------------------------------------------

fetch_odoo_git() {
    local repository="${ODOO_GIT:-https://github.com/odoo/odoo.git}"
    command -v git >/dev/null || apt_install git ca-certificates
    say "cloning Odoo 19.0 from $repository instead (this may take some minutes)"
    git clone --quiet --depth 1 --branch 19.0 "$repository" "$ODOO_TREE.new/src" \
        || die "no Odoo 19: neither Debian's package odoo-19 nor $repository could be fetched. Set ODOO_HOME to a checkout or ODOO_GIT to a repository you can reach."
}
