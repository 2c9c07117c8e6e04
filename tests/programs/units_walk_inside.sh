#!/bin/sh
# The part of units_walk.sh that runs in the booted container.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
cd /root

step() { printf '\n== %s\n' "$*"; }
fail() { echo "units_walk: $*" >&2; exit 1; }
wants() {
    out=$(sh -ec "$2" 2>&1) || true
    case $out in *"$1"*) ;; *) fail "'$2' does not say '$1' but: $out" ;; esac
}
# A unit's run that must go well, and what it left in the journal.
runs_well() {
    systemctl start "domspool-$1.service" || {
        journalctl --no-pager -u "domspool-$1.service" | tail -n 20
        fail "domspool-$1 failed"
    }
    echo "domspool-$1: $(systemctl show -P Result "domspool-$1.service")"
}
eventually() {
    tries=0
    until sh -ec "$1" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "never: $1"
        sleep 0.2
    done
}

step "settings, registrar, mail server"
sh -e settings.sh
systemd-run --quiet --unit=rehearsal -p User=domspool registrar-sandbox --port 8053 --delay 1 \
    --password-file /etc/domspool/secret
systemd-run --quiet --unit=mail-server --working-directory=/root \
    aiosmtpd -n -u -l localhost:2525 -c aiosmtpd.handlers.Mailbox /root/mails
eventually 'domain-orders list --quiet && registrar-check --quiet'

step "each unit by itself"
cat >register-shops.csv <<'ORDERS'
domain,years,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,owner.phone,owner.email,owner.language
first-shop.com,1,Ann,Example,12 Sample Road,75001,Paris,FR,+33 123456789,ann@example.org,EN
slow-shop.com,1,Ann,Example,12 Sample Road,75001,Paris,FR,+33 123456789,ann@example.org,EN
ORDERS
spool-drop register-shops.csv
runs_well spool-run
wants "2 orders: 1 waiting, 1 done" 'domain-orders list'
runs_well summary-report
eventually 'ls /root/mails/new/*'
grep -h '^Subject:' mails/new/*
runs_well backup
ls /var/lib/domspool/rehearsal/backup

step "the timers, in fast motion"
sleep 1 # The operation is pending for so long.
for job in spool-run pending-check summary-report backup; do
    mkdir -p "/etc/systemd/system/domspool-$job.timer.d"
    printf '[Timer]\nOnCalendar=\nOnCalendar=*:*:0/5\nAccuracySec=100ms\n' \
        >"/etc/systemd/system/domspool-$job.timer.d/fast.conf"
done
# Two passes may be so near on loopback only.
sed -i '/^spool:/i pending: { min_interval_seconds: 0 }' /etc/domspool/config.yaml
systemctl daemon-reload
sed 's/slow-shop/late-shop/; s/first-shop/last-shop/' register-shops.csv >register-late.csv
spool-drop --quiet register-late.csv
systemctl --quiet enable --now domspool-spool-run.timer domspool-pending-check.timer \
    domspool-summary-report.timer domspool-backup.timer
eventually 'domain-orders list | grep -q "4 orders: 4 done"'
domain-orders list
eventually '[ "$(ls /root/mails/new | wc -l)" -ge 2 ]'
systemctl --no-pager list-timers 'domspool-*'
systemctl --quiet disable --now domspool-spool-run.timer domspool-pending-check.timer \
    domspool-summary-report.timer domspool-backup.timer

step "a unit with news fails, and its journal says why"
systemctl stop mail-server
sed 's/slow-shop/taken-shop/; s/first-shop/other-shop/' register-shops.csv >register-more.csv
spool-drop --quiet register-more.csv
! systemctl start domspool-spool-run.service || fail "a failed order is no news"
wants "taken-shop.com: failed" 'journalctl --no-pager -u domspool-spool-run.service'
! systemctl start domspool-summary-report.service || fail "a report without a mail server went well"
wants "the report was not delivered" 'journalctl --no-pager -u domspool-summary-report.service'

step "what was ordered belongs to the service, and nothing was done twice"
test -z "$(find /var/lib/domspool /var/spool/domspool/rehearsal ! -user domspool)"
domain-orders verify
wants "6 orders: 5 done, 1 failed" 'domain-orders list'

step "how far the units are shut in (0: wholly, 10: not at all)"
for job in spool-run pending-check summary-report backup; do
    systemd-analyze --no-pager security "domspool-$job.service" | tail -n 1
done
step "all is well"
