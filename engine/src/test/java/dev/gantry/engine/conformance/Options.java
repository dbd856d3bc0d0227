package dev.gantry.engine.conformance;

import dev.gantry.engine.spec.Identity;
import java.util.List;

/// The sets of options that containers are compared with: as the command line has them, and as the API takes them.
enum Options {
    DEFAULT("", "{}", "{}"),
    TERMINAL("-it", """
            {"Tty":true,"OpenStdin":true}""", "{}"),
    READ_ONLY("--read-only --tmpfs /tmp --tmpfs /run:size=1m,mode=700,exec", "{}", """
            {"ReadonlyRootfs":true,"Tmpfs":{"/tmp":"","/run":"size=1m,mode=700,exec"}}"""),
    USER("-u 1000:1000 --group-add 7 --group-add 8", "{}", "{}"),
    USER_TERMINAL("-it -u 1000", """
            {"Tty":true,"OpenStdin":true}""", "{}"),
    CAP_ADD("--cap-add SYS_ADMIN --cap-add NET_ADMIN --cap-drop CHOWN", "{}", """
            {"CapAdd":["SYS_ADMIN","NET_ADMIN"],"CapDrop":["CHOWN"]}"""),
    CAP_DROP_ALL("--cap-drop ALL", "{}", """
            {"CapDrop":["ALL"]}"""),
    PRIVILEGED("--privileged", "{}", """
            {"Privileged":true}"""),
    RESOURCES("-m 64m --memory-reservation 32m --cpus 0.5 --cpu-shares 512 --cpuset-cpus 0 --pids-limit 50", "{}", """
            {"Memory":67108864,"MemoryReservation":33554432,"NanoCpus":500000000,"CpuShares":512,
             "CpusetCpus":"0","PidsLimit":50}"""),
    HOST_NETWORK("--network host", "{}", """
            {"NetworkMode":"host"}"""),
    HOST_NAMESPACES("--pid host --ipc host --uts host", "{}", """
            {"PidMode":"host","IpcMode":"host","UTSMode":"host"}"""),
    HOST_CGROUPS("--cgroupns host", "{}", """
            {"CgroupnsMode":"host"}"""),
    BINDS("-v …:/data/rw -v …:/data/ro:ro -v …:/data/slave:rslave -v …/file:/data/file:ro --shm-size 1m", "{}", """
            {"Binds":["SOURCE:/data/rw","SOURCE:/data/ro:ro","SOURCE:/data/slave:rslave",
                      "SOURCE/file:/data/file:ro"],
             "Mounts":[{"Type":"bind","Source":"SOURCE","Target":"/data/tree","ReadOnly":true},
                       {"Type":"bind","Source":"SOURCE","Target":"/data/flat","BindOptions":{"NonRecursive":true}},
                       {"Type":"tmpfs","Target":"/data/tmpfs","TmpfsOptions":{"SizeBytes":1048576,"Mode":448}}],
             "ShmSize":1048576}"""),
    BIND_SHARED("-v …:/data/shared:rshared -v …:/data/private", "{}", """
            {"Binds":["SOURCE:/data/shared:rshared","SOURCE:/data/private"]}"""),
    LIMITS("--ulimit nofile=100:200 --ulimit core=0 --sysctl … --oom-score-adj 500", "{}", """
            {"Ulimits":[{"Name":"nofile","Soft":100,"Hard":200},{"Name":"core","Soft":0,"Hard":0}],
             "Sysctls":{"net.core.somaxconn":"99","kernel.msgmax":"9000","kernel.shm_rmid_forced":"1",
                        "net.ipv4.ip_unprivileged_port_start":"80"},
             "OomScoreAdj":500}"""),
    DEVICE("--device /dev/null:/dev/null2:r --device /dev/full:/dev/deep/full --device-cgroup-rule …", "{}", """
            {"Devices":[{"PathOnHost":"/dev/null","PathInContainer":"/dev/null2","CgroupPermissions":"r"},
                        {"PathOnHost":"/dev/full","PathInContainer":"/dev/deep/full","CgroupPermissions":"rwm"},
                        {"PathOnHost":"/dev/kmsg","PathInContainer":"/dev/kmsg","CgroupPermissions":"r"}],
             "DeviceCgroupRules":["c 10:229 rwm"]}"""),
    NO_NEW_PRIVILEGES("--security-opt no-new-privileges -u 1000", "{}", """
            {"SecurityOpt":["no-new-privileges"]}"""),
    DIRECTORY("-w /srv/new/directory", """
            {"WorkingDir":"/srv/new/directory"}""", "{}"),
    NAMES("-h box.example --domainname example -e A=1 -e PATH=/bin", """
            {"Hostname":"box.example","Domainname":"example","Env":["A=1","PATH=/bin","HOME=/srv"]}""", "{}"),
    UNMASKED("--security-opt systempaths=unconfined", "{}", """
            {"MaskedPaths":[],"ReadonlyPaths":[]}"""),
    JOINED("--network container:… --ipc container:… --pid container:…", "{}", """
            {"NetworkMode":"container:other","IpcMode":"container:other","PidMode":"container:other"}"""),
    EVERY_LIMIT("--ulimit … for each of the 15", "{}", """
            {"Ulimits":[{"Name":"core","Soft":1,"Hard":2},{"Name":"cpu","Soft":100,"Hard":200},
                        {"Name":"data","Soft":100000000,"Hard":200000000},
                        {"Name":"fsize","Soft":1000000,"Hard":2000000},
                        {"Name":"locks","Soft":3,"Hard":4},{"Name":"memlock","Soft":4096,"Hard":8192},
                        {"Name":"msgqueue","Soft":5,"Hard":6},{"Name":"nice","Soft":0,"Hard":0},
                        {"Name":"nofile","Soft":50,"Hard":60},{"Name":"nproc","Soft":70,"Hard":80},
                        {"Name":"rss","Soft":9,"Hard":10},{"Name":"rtprio","Soft":0,"Hard":0},
                        {"Name":"rttime","Soft":11,"Hard":12},{"Name":"sigpending","Soft":13,"Hard":14},
                        {"Name":"stack","Soft":1000000,"Hard":2000000}]}"""),
    MORE_RESOURCES("-m 64m --memory-swap 96m --memory-swappiness 10 --oom-kill-disable --device-read-bps …", "{}", """
            {"Memory":67108864,"MemorySwap":100663296,"MemorySwappiness":10,"OomKillDisable":true,
             "BlkioDeviceReadBps":[{"Path":"DISK","Rate":1048576}],"BlkioDeviceWriteIOps":[{"Path":"DISK","Rate":100}],
             "CpuPeriod":50000,"CpuQuota":20000}"""),
    /// The daemon's.
    REMAPPED("--userns-remap", "{}", "{}"),
    REMAPPED_TERMINAL("--userns-remap, -it -u 1000", """
            {"Tty":true,"OpenStdin":true}""", "{}"),
    /// What only a specification can ask for.
    MOUNT_OPTIONS("tmpcopyup, rro, rnosuid, rnodev, rnoexec, rnodiratime, rnoatime", "{}", "{}");

    private final String flags;
    private final String config;
    private final String host;

    Options(String flags, String config, String host) {
        this.flags = flags;
        this.config = config;
        this.host = host;
    }

    /// The body of a request, `ContainerConfig`.
    String config() {
        return config;
    }

    /// `HostConfig`, with `SOURCE` for the directory that is bound, and `DISK` for a block device.
    String host() {
        return host;
    }

    /// Whether the daemon gives containers users of their own.
    boolean isRemapped() {
        return this == REMAPPED || this == REMAPPED_TERMINAL;
    }

    Identity user() {
        return switch (this) {
            case USER -> new Identity(1000, 1000, List.of(7L, 8L), "/home/user");
            case USER_TERMINAL, NO_NEW_PRIVILEGES, REMAPPED_TERMINAL -> new Identity(1000, 0, List.of(), "/");
            default -> new Identity(0, 0, List.of(0L, 10L), "/root");
        };
    }

    @Override
    public String toString() {
        return flags.isEmpty() ? "no options" : flags;
    }
}
