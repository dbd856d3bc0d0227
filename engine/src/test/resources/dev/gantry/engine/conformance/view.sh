# Prints what a container sees, in sections; ends its output with "=== end" and waits for a line.
section() { echo "=== $1"; }

section namespaces
for n in cgroup ipc mnt net pid time user uts; do echo "$n $(readlink /proc/self/ns/$n)"; done

section mounts
while read -r line; do echo "$line"; done < /proc/$$/mountinfo

section status
while read -r line; do
    case "$line" in
        Umask:*|Uid:*|Gid:*|Groups:*|Threads:*|SigPnd:*|SigBlk:*|SigIgn:*|SigCgt:*|Shd*|Cap*|NoNewPrivs:*|Seccomp*|Spec*|Cpus_allowed_list:*|Mems_allowed_list:*|THP_enabled:*)
            echo $line ;;
    esac
done < /proc/$$/status

section identity
id
hostname
cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname
pwd
umask
stat -c '%n %a %u:%g' .

section environment
env | sort

section process
cut -d ' ' -f 1,4-8,18,19,40,41 < /proc/$$/stat
cat /proc/$$/cmdline | tr '\0' '\n' | head -n 2
cat /proc/$$/oom_score_adj
cat /proc/$$/timerslack_ns /proc/$$/coredump_filter /proc/$$/personality /proc/$$/loginuid 2>&1
cat /proc/$$/attr/current 2>&1

section descriptors
for f in /proc/$$/fd/*; do echo "$f $(readlink $f) $(stat -L -c '%F %a %u:%g %t,%T' $f)"; done

section terminal
tty
[ -t 0 ] && stty -a | tr -s ' ;' '\n\n'
stat -c '%n %F %a %u:%g %t,%T' /dev/console /dev/pts/* 2>&1

section limits
while read -r line; do echo $line; done < /proc/$$/limits

section cgroup
cat /proc/$$/cgroup
ls -ln /sys/fs/cgroup 2>&1 | tr -s ' ' | cut -d ' ' -f 1,3,4,9-
for f in memory/memory.limit_in_bytes memory/memory.soft_limit_in_bytes cpu/cpu.shares cpu/cpu.cfs_quota_us \
    cpu/cpu.cfs_period_us cpuset/cpuset.cpus pids/pids.max devices/devices.list; do
    echo "$f $(cat /sys/fs/cgroup/$f 2>&1 | sort | tr '\n' ';')"
done
mkdir /sys/fs/cgroup/memory/x 2>&1 && rmdir /sys/fs/cgroup/memory/x && echo made

section devices
for d in /dev/* /dev/pts /dev/shm /dev/mqueue; do
    echo "$(stat -c '%N %F %a %u:%g %t,%T' $d)"
done | sort -u
ls -A /dev/shm /dev/mqueue

section device-access
for d in null zero full random urandom tty fuse; do
    echo "$d $( { head -c 0 /dev/$d; } 2>&1 && echo readable)"
done
for node in 'c 1 11' 'c 10 229' 'b 254 0' 'c 1 3'; do
    rm -f /tmp/node
    echo "$node $( { mknod /tmp/node $node && head -c 0 /tmp/node; } 2>&1 && echo usable)"
done
rm -f /tmp/node

section directories
for d in / /proc /sys /sys/fs/cgroup /dev /dev/pts /dev/shm /dev/mqueue /tmp /etc /srv/new /srv/new/directory; do
    stat -c '%n %F %a %u:%g' $d 2>&1
done

section masked
for p in /proc/asound /proc/acpi /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list \
    /proc/timer_stats /proc/sched_debug /proc/scsi /sys/firmware /sys/devices/virtual/powercap; do
    if [ -d $p ]; then
        echo "$p directory $(ls -A $p 2>&1 | wc -l) $( { : > $p/x && rm $p/x; } 2>&1 && echo writable)"
    else
        echo "$p $(stat -c '%F %t,%T' $p 2>&1) $(head -c 1 $p 2>&1 | wc -c)"
    fi
done

section read-only
for p in /proc/sys/kernel/domainname /proc/sys/vm/swappiness /proc/sysrq-trigger /proc/irq/default_smp_affinity \
    /proc/self/oom_score_adj /proc/self/comm /sys/kernel/profiling /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    echo "$p $( { : >> $p; } 2>&1 && echo writable)"
done
for p in / /etc /proc/bus /proc/fs /dev /dev/shm /dev/mqueue /dev/pts /tmp /run /sys /sys/fs/cgroup /data/rw /data/ro /data/tree/sub; do
    echo "$p $( { : > $p/x && rm $p/x; } 2>&1 && echo writable)"
done

section parameters
for p in net/ipv4/ip_unprivileged_port_start net/ipv4/ping_group_range net/core/somaxconn kernel/msgmax kernel/shmmax \
    kernel/shm_rmid_forced fs/mqueue/msg_max; do
    echo "$p $(cat /proc/sys/$p 2>&1 | tr '\t' ' ')"
done

section network
for i in /sys/class/net/*; do echo "${i##*/} $(cat $i/flags 2>&1)"; done
ip -o address | tr -s ' ' | cut -d ' ' -f 2-4
cat /proc/net/route | wc -l

section data
[ -d /data ] || echo "no /data"
[ -d /data ] && for f in /data/*; do echo "$(stat -c '%n %F %a %u:%g' $f) $(cat $f 2>/dev/null) $(ls -A $f 2>/dev/null | tr '\n' ' ')"; done

echo "=== end"
read -r line
