#!/bin/sh
# The systemd units under a real systemd: the clean Debian 12 is booted in a container, its timers
# are switched on and its units order, ask, report and copy, against the sandbox and a mail server,
# with README's settings to rehearse. Needs root, systemd-nspawn (Debian's systemd-container) and a
# fresh debootstrap, which is changed by it:
#   debootstrap --variant=minbase bookworm ROOT && units_walk.sh ROOT PACKAGE.deb
set -eu
root=$1 deb=$2
here=$(cd "$(dirname "$0")" && pwd)
readme=$here/../../README.md

in_root() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        DEBIAN_FRONTEND=noninteractive /bin/sh -ec "$1"
}

cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$(uname -n)" >"$root/etc/hosts"
cp "$deb" "$root/root/domspool.deb"
in_root 'apt-get update -q >/dev/null
    apt-get install -q -y --no-install-recommends systemd systemd-sysv dbus python3-aiosmtpd \
        /root/domspool.deb >/root/apt.log 2>&1' || { tail "$root/root/apt.log" >&2; exit 1; }
rm -f "$root/root/walk.log" "$root/root/walk.end"

# The first block below "Rehearse it", by root.
awk '/^### Rehearse it/ { below = 1 } below && /^```/ { if (shown) exit; shown = 1; next }
     below && shown { sub(/sudo /, ""); print }' "$readme" | sed 's/| sudo /| /' >"$root/root/settings.sh"
cp "$here/units_walk_inside.sh" "$root/root/"

cat >"$root/etc/systemd/system/units-walk.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c '/root/units_walk_inside.sh >/root/walk.log 2>&1; echo $? >/root/walk.end; systemctl --no-block poweroff'
[Install]
WantedBy=default.target
UNIT
in_root 'systemctl --quiet enable units-walk.service'
timeout 600 systemd-nspawn --quiet --boot --private-network --register=no --keep-unit \
    --directory="$root" --machine=units-walk </dev/null >"$root/root/boot.log" 2>&1 || true
cat "$root/root/walk.log"
[ "$(cat "$root/root/walk.end")" = 0 ] || { echo "units_walk: it did not go well" >&2; exit 1; }
