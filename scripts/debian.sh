#!/bin/sh
# Install the Debian packages that a target needs, if any are missing and we may install them.
# The names are those of Debian 12 and Debian 13.
# usage: scripts/debian.sh pdf|tests|smoke
# Otherwise it prints the command to run and exits with 1.
set -u

# libatomic1 is for the node that drives Chromium.
pdf="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
case "${1-}" in
    pdf) wanted=$pdf what="PDF files can't be made (everything else works)" ;;
    tests)
        wanted="$pdf chromium libatomic1 postgresql nginx openssl default-jdk-headless libjaxb-java"
        wanted="$wanted poppler-utils"
        what="The tests can't all run"
        ;;
    smoke)
        wanted="$pdf postgresql nginx openssl"
        what="The portal can't be run as in production"
        ;;
    *) echo "usage: $0 pdf|tests|smoke" >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null || {
    echo "This is not Debian: install yourself what corresponds to $wanted" >&2
    exit 0
}

missing=
for package in $wanted; do
    state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=no
fi

refuse() {
    echo "$what: run \`sudo apt-get install --no-install-recommends$missing\` and try again." >&2
    exit 1
}

[ "$as_root" != no ] || refuse
command -v apt-get >/dev/null || refuse

# PostgreSQL's and nginx's packages would start servers, which we do not need.
no_cluster=/etc/postgresql-common/createcluster.d/portal-tests.conf
no_start=/usr/sbin/policy-rc.d
trap '$as_root rm -f $remove' EXIT
trap 'exit 1' INT TERM
remove=
case "$missing" in
    *postgresql*)
        remove=$no_cluster
        $as_root mkdir -p "${no_cluster%/*}" &&
            echo "create_main_cluster = false" | $as_root tee $no_cluster >/dev/null
        ;;
esac
case "$missing" in
    *nginx*)
        [ -e $no_start ] || {
            remove="$remove $no_start"
            printf '#!/bin/sh\nexit 101\n' | $as_root tee $no_start >/dev/null
            $as_root chmod 755 $no_start
        }
        ;;
esac

echo "Installing from Debian:$missing"
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq"
log=$(mktemp)
if ! { $apt update && $apt install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null
then
    tail -n 5 "$log" >&2
    rm -f "$log"
    refuse
fi
rm -f "$log"
# nginx is not started at the next boot either.
case "$missing" in
    *nginx*) $as_root systemctl disable nginx >/dev/null 2>&1 || true ;;
esac
