#!/bin/sh
# A root of its own for Debian's cron, in a mount namespace: the machine's programs, no jobs but
# those of one crontab, and mail that lands in files.
#   unshare --mount --pid --fork --kill-child cron_world.sh ROOT PROGRAMS CRONTAB SETTINGS
# ROOT is an empty folder, PROGRAMS is seen as /usr/local/bin, mails come to ROOT/mail.
set -eu
root=$1 programs=$2 crontab=$3 settings=$4

mount --make-rprivate /
mkdir -p "$root/etc" "$root/usr/sbin" "$root/usr/local/bin" "$root/proc" "$root/dev" "$root/tmp" \
    "$root/run" "$root/var/spool/cron/crontabs" "$root/mail"
ln -s /run "$root/var/run"
for folder in bin lib lib64 share; do
    [ -d "/usr/$folder" ] || continue
    mkdir -p "$root/usr/$folder"
    mount --bind "/usr/$folder" "$root/usr/$folder"
done
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
mount --bind "$programs" "$root/usr/local/bin"
mount --bind /tmp "$root/tmp"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"

cp /usr/sbin/cron "$root/usr/sbin/"
cat >"$root/usr/sbin/sendmail" <<'SENDMAIL'
#!/bin/sh
file=$(mktemp /mail/.XXXXXX) && cat >"$file" && mv "$file" "/mail/${file#/mail/.}"
SENDMAIL
chmod 755 "$root/usr/sbin/sendmail"
chmod 1777 "$root/mail"

for name in pam.d security login.defs nsswitch.conf localtime ld.so.cache ld.so.conf passwd group \
    shadow environment default; do
    [ ! -e "/etc/$name" ] || cp -a "/etc/$name" "$root/etc/"
done
echo 'domspool:x:4242:4242::/nonexistent:/usr/sbin/nologin' >>"$root/etc/passwd"
echo 'domspool:x:4242:' >>"$root/etc/group"
echo 'domspool:*:19000:0:99999:7:::' >>"$root/etc/shadow"
mkdir "$root/etc/cron.d" "$root/etc/domspool"
cp "$settings" "$root/etc/domspool/config.yaml"
chmod 644 "$root/etc/domspool/config.yaml"
cp "$crontab" "$root/etc/cron.d/domspool"
chmod 644 "$root/etc/cron.d/domspool"
exec chroot "$root" /usr/bin/env -i /usr/sbin/cron -f -L 0
