# A private PostgreSQL server on a socket only its owner (and root) can reach, so nothing of it
# listens on the network; or the server that PGHOST, PGPORT and PGUSER name.

PG_LINK="$OMS_HOME/postgres"

# `eval "$(./oms env)"` sets PGHOST to our own socket: that is still our server.
uses_own_postgres() {
    [[ -z ${PGHOST:-}${PGPORT:-}${PGUSER:-} || -n ${PGHOST:-} && ${PGHOST:-} == "$(pg_socket_dir)" ]]
}

# PostgreSQL refuses to run as root, and an unprivileged user cannot enter a folder such as
# root's home. Where it cannot, the cluster lives under /var/lib and $OMS_HOME/postgres is a
# link to it (`./oms clean --all` removes both).
pg_dir() {
    if is_root && ! runuser -u "$(pg_owner)" -- test -x "$OMS_HOME" 2>/dev/null; then
        echo "/var/lib/oms_order_cycle-$(short_hash "$OMS_HOME")"
    else
        echo "$OMS_HOME/postgres"
    fi
}

pg_owner() {
    if ! is_root; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

# The path of a socket may have 107 characters at most, so it is not inside $OMS_HOME.
pg_socket_dir() { echo "/tmp/oms-pg-$(id -u)-$(short_hash "$OMS_HOME")"; }

as_pg_owner() {
    if is_root; then
        (cd / && runuser -u "$(pg_owner)" -- "$@")
    else
        (cd / && "$@")
    fi
}

setup_postgres() {
    if uses_own_postgres; then
        PGHOST="$(pg_socket_dir)" PGPORT=5432 PGUSER=odoo
        PG_BIN="$(pg_bin)"
        export PGHOST PGPORT PGUSER
        PATH="$PG_BIN:$PATH"
        pg_running || start_postgres
    else
        PGHOST="${PGHOST:-/var/run/postgresql}" PGPORT="${PGPORT:-5432}" PGUSER="${PGUSER:-$(id -un)}"
        export PGHOST PGPORT PGUSER
        check_foreign_postgres
    fi
}

pg_running() { "$PG_BIN/pg_isready" -q -h "$PGHOST" -p "$PGPORT" -U "$PGUSER" -d postgres; }

check_foreign_postgres() {
    local may
    [[ $PGUSER != postgres ]] || die "Odoo refuses the database user 'postgres': create one (createuser --createdb odoo) and set PGUSER"
    may="$(psql -X -At -d postgres -c 'SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user')" \
        || die "cannot reach PostgreSQL at PGHOST=$PGHOST PGPORT=$PGPORT PGUSER=$PGUSER; unset them to use a private server"
    [[ $may == t ]] || die "PostgreSQL user $PGUSER may not create databases (ALTER ROLE \"$PGUSER\" CREATEDB)"
}

make_cluster() {
    local dir="$1" owner
    owner="$(pg_owner)"
    say "creating a private PostgreSQL cluster"
    mkdir -p "$dir"
    [[ $dir == "$PG_LINK" ]] || ln -sfn "$dir" "$PG_LINK"
    ! is_root || chown "$owner" "$dir"
    chmod 700 "$dir"
    # `trust` is for whoever can enter the socket's folder: its owner and root.
    quietly as_pg_owner "$PG_BIN/initdb" -D "$dir/data" -U odoo -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
        || quietly as_pg_owner "$PG_BIN/initdb" -D "$dir/data" -U odoo -A trust -E UTF8 --locale=C --no-sync \
        || die "initdb failed (see above)"
    as_pg_owner tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF

# --- oms_order_cycle: a server for development and tests ---
listen_addresses = ''
max_connections = 200
# Nothing here is worth keeping through a power cut, so nothing waits for the disk.
# Never use these three lines where data matters.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 30min
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 2GB
random_page_cost = 1.1
jit = off
CONF
}

start_postgres() {
    local dir version
    dir="$(pg_dir)"
    [[ -f $dir/data/PG_VERSION ]] || make_cluster "$dir"
    # A cluster is read only by the version that made it, whatever newer one is installed since.
    version="$(as_pg_owner cat "$dir/data/PG_VERSION")"
    if [[ -x /usr/lib/postgresql/$version/bin/postgres ]]; then
        PG_BIN="/usr/lib/postgresql/$version/bin"
    elif [[ $("$PG_BIN/postgres" -V) != *" $version."* ]]; then
        die "the private cluster is of PostgreSQL $version, which is not installed any more: apt-get install postgresql-$version, or start anew with ./oms clean --all"
    fi
    mkdir -p "$PGHOST"
    chmod 700 "$PGHOST"
    ! is_root || chown "$(pg_owner)" "$PGHOST"
    say "starting PostgreSQL"
    # 9 is the lock of the set-up: the server must not inherit it, or it would be held for ever.
    if ! as_pg_owner "$PG_BIN/pg_ctl" start -w -t 60 -s -D "$dir/data" -l "$dir/log" \
        -o "-k $PGHOST -p $PGPORT" </dev/null >/dev/null 2>&1 9>&-; then
        pg_running || { as_pg_owner tail -5 "$dir/log" >&2; die "PostgreSQL did not start (see above)"; }
    fi
}

stop_postgres() {
    local dir
    dir="$(pg_dir)"
    PG_BIN="$(pg_bin)"
    [[ -n $PG_BIN && -f $dir/data/postmaster.pid ]] || return 0
    say "stopping PostgreSQL"
    as_pg_owner "$PG_BIN/pg_ctl" stop -w -m fast -s -D "$dir/data" || true
}

clean_all() {
    local dir
    dir="$(pg_dir)"
    uses_own_postgres && stop_postgres
    say "removing $OMS_HOME"
    rm -rf "$dir" "$(pg_socket_dir)" "$OMS_HOME"
}

# --- Odoo's configuration ------------------------------------------------------

# One file per checkout: two clones share $OMS_HOME but not the addons path.
setup_config() {
    local addons="$OMS_ROOT" new
    ODOO_RC="$OMS_HOME/conf/odoo-$(short_hash "$OMS_ROOT").conf"
    export ODOO_RC
    # A source checkout keeps most addons beside the package; odoo/addons is found by Odoo itself.
    [[ -d $ODOO_PATH/addons/sale ]] && addons="$ODOO_PATH/addons,$addons"
    new="[options]
addons_path = $ODOO_PATH/odoo/addons,$addons
data_dir = $OMS_HOME/data
db_host = $PGHOST
db_port = $PGPORT
db_user = $PGUSER
http_interface = 127.0.0.1
limit_time_real = 600
limit_time_cpu = 600
server_wide_modules = base,rpc,web"
    mkdir -p "$OMS_HOME/conf" "$OMS_HOME/data"
    [[ $(cat "$ODOO_RC" 2>/dev/null) == "$new" ]] || echo "$new" >"$ODOO_RC"
}
