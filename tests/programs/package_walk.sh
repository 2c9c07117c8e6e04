#!/bin/sh
# The package's life in a clean Debian 12: installed, filled in, rehearsed with the sandbox, installed
# anew, removed, purged. Needs root and the right to mount; ROOT is a fresh debootstrap, which is
# changed by it:
#   debootstrap --variant=minbase bookworm ROOT && package_walk.sh ROOT domspool_0.1.0_amd64.deb [BUILD]
# With BUILD, the folder the package was made in, `cmake --install` is looked at first.
set -eu
root=$1 deb=$2 build=${3:-}

in_root() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        DEBIAN_FRONTEND=noninteractive /bin/sh -ec "$1"
}
step() { printf '\n== %s\n' "$*"; }
fail() { echo "package_walk: $*" >&2; exit 1; }
# `wants TEXT COMMAND`: the command's output holds the text.
wants() {
    out=$(in_root "$2" 2>&1) || true
    case $out in *"$1"*) ;; *) fail "'$2' does not say '$1' but: $out" ;; esac
}
there() { in_root "test -e '$1'" || fail "$1 is not there"; }
gone() { in_root "test ! -e '$1'" || fail "$1 is still there"; }

if [ -z "${PACKAGE_WALK_INSIDE:-}" ]; then
    PACKAGE_WALK_INSIDE=1 exec unshare --mount --pid --fork --kill-child "$0" "$@"
fi
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
cp "$deb" "$root/root/domspool.deb"
cp /etc/resolv.conf "$root/etc/resolv.conf"

if [ -n "$build" ]; then
    step "installed without the package, below a prefix"
    cmake --install "$build" --prefix "$root/opt/domspool" >/dev/null
    for program in domain-register domain-transfer domain-trade domain-nameservers domain-orders \
        spool-run spool-drop pending-check summary-report registrar-check registrar-sandbox; do
        there "/opt/domspool/bin/$program"
        there "/opt/domspool/share/man/man1/$program.1.gz"
        there "/opt/domspool/share/bash-completion/completions/$program"
    done
    # What belongs to the system comes with the package only.
    gone /opt/domspool/etc
    gone /etc/cron.d/domspool
fi

step "installed"
in_root 'apt-get update -q >/dev/null; apt-get install -q -y --no-install-recommends /root/domspool.deb'
in_root 'id domspool'
wants "0 domspool domspool" 'stat -c "%s %U %G" /etc/domspool/secret'
wants "600" 'stat -c %a /etc/domspool/secret'
wants "640 root domspool" 'stat -c "%a %U %G" /etc/domspool/config.yaml'
wants "700 domspool" 'stat -c "%a %U" /var/lib/domspool'
there /etc/cron.d/domspool
there /lib/systemd/system/domspool-spool-run.timer
there /usr/share/bash-completion/completions/domain-orders
gone /var/lib/domspool/ledger.db

step "filled in and rehearsed"
in_root 'echo only-to-rehearse >/etc/domspool/secret
    install -m 600 /etc/domspool/secret /root/secret
    registrar-sandbox --quiet --delay 0 --port-file /root/port --password-file /root/secret &
    until [ -s /root/port ]; do sleep 0.1; done'
in_root 'sed -i "s#https://api.netim.com/2.0/#http://127.0.0.1:$(cat /root/port)/2.0/#
        s#min_interval_seconds: 300#min_interval_seconds: 0#; s#settle_seconds: 30#settle_seconds: 0#" \
        /etc/domspool/config.yaml
    domain-orders init
    registrar-check | tail -n 3'
in_root 'cd /root && cat >register-shops.csv <<ORDERS
domain,years,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,owner.phone,owner.email,owner.language
first-shop.com,1,Ann,Example,12 Sample Road,75001,Paris,FR,+33 123456789,ann@example.org,EN
slow-shop.com,1,Ann,Example,12 Sample Road,75001,Paris,FR,+33 123456789,ann@example.org,EN
ORDERS
    spool-drop register-shops.csv
    # As cron.d has it: the line of spool-run, by the user it names.
    command=$(sed -n "s/^[0-9*].*  domspool  \(.*spool-run\)$/\1/p" /etc/cron.d/domspool)
    setpriv --reuid domspool --regid domspool --init-groups /bin/sh -c "cd /; $command"
    # As root both become the user of the service.
    spool-run; pending-check; pending-check; pending-check
    test -z "$(find /var/lib/domspool /var/spool/domspool ! -user domspool)"
    domain-orders list'
wants "2 orders: 2 done" 'domain-orders list'
wants "first-shop.com" 'cat /var/spool/domspool/done/*/1-register-shops.result.csv'
wants "2770 domspool domspool" 'stat -c "%a %U %G" /var/spool/domspool/incoming'
in_root 'domain-orders backup && ls /var/lib/domspool/backup'

step "installed anew: what the operator wrote stays"
in_root 'echo "# mine" >>/etc/domspool/config.yaml; echo "# mine" >>/etc/cron.d/domspool
    apt-get install -q -y --reinstall /root/domspool.deb 2>&1 | tail -n 2'
wants "# mine" 'tail -n 1 /etc/domspool/config.yaml'
wants "# mine" 'tail -n 1 /etc/cron.d/domspool'
wants "2 orders: 2 done" 'domain-orders list'

step "removed: settings and ledger stay"
in_root 'apt-get remove -q -y domspool 2>&1 | tail -n 2'
gone /usr/bin/spool-run
there /etc/domspool/config.yaml
there /var/lib/domspool/ledger.db

step "purged: the record of what was ordered stays"
in_root 'apt-get purge -q -y domspool 2>&1 | tail -n 4'
gone /etc/domspool
gone /var/log/domspool
gone /etc/cron.d/domspool
gone /etc/logrotate.d/domspool
there /var/lib/domspool/ledger.db

step "purged: a ledger of another name stays too"
in_root 'rm -rf /var/lib/domspool /var/spool/domspool
    apt-get install -q -y --no-install-recommends /root/domspool.deb 2>&1 | tail -n 1
    touch /var/lib/domspool/shop.db
    apt-get purge -q -y domspool 2>&1 | tail -n 1'
there /var/lib/domspool/shop.db

step "without orders a purge leaves nothing, not even a rehearsal"
in_root 'rm -rf /var/lib/domspool /var/spool/domspool
    apt-get install -q -y --no-install-recommends /root/domspool.deb 2>&1 | tail -n 3
    install -d /var/lib/domspool/rehearsal; touch /var/lib/domspool/rehearsal/ledger.db
    apt-get purge -q -y domspool 2>&1 | tail -n 1'
for path in /etc/domspool /var/lib/domspool /var/spool/domspool /var/log/domspool; do gone "$path"; done
in_root '! getent passwd domspool'
step "all is well"
