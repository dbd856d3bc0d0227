package dev.gantry.runtime.refusal;

/// Items of the runtime specification that are refused, with the words of the refusal: the only place that has them.
///
/// A value that is malformed or unknown to the specification is no such item, nor is what the host at hand lacks.
/// docs/conformance.md has every item; a test compares.
public enum UnsupportedItem {
    OTHER_PLATFORMS("vm, zos, windows, solaris, freebsd", "\"%s\" is not supported: containers are Linux's"),
    MOUNT_OPTIONS(
            "mounts.options: remount, iversion, copy-symlink, src-nofollow", "mount option \"%s\" is not supported"),
    MOUNT_ON_ROOT("mounts.destination", "mounts.destination: %s is the root itself, which root.path names"),
    SELINUX_LABEL("process.selinuxLabel", "process.selinuxLabel is not supported: SELinux labels are not set"),
    SCHED_ISO("process.scheduler.policy", "scheduling policy SCHED_ISO is not implemented by Linux"),
    UTILISATION_CLAMPS("process.scheduler.flags", "scheduling flag %s needs a value, which the specification lacks"),
    NO_MOUNT_NAMESPACE("linux.namespaces:mount", "a container needs a mount namespace: the host's tree is not changed"),
    CHANGED_TREE(
            "linux.namespaces:mount",
            "mounts, devices, masked and read-only paths cannot be made in a mount namespace that is joined"),
    USERS_IN_OTHER_PIDS(
            "linux.namespaces:pid",
            "a new user namespace needs a new pid namespace: no procfs of another's can be mounted in it"),
    JOINED_BY_NEW_USERS("linux.namespaces:mount, time", "a %s namespace cannot be joined from a new user namespace"),
    NET_DEVICES("linux.netDevices", "linux.netDevices is not supported: devices of the host stay there"),
    SYSTEMD_CGROUP(
            "linux.cgroupsPath",
            "systemd's \"slice:prefix:name\" is not supported, got \"%s\": give a path of cgroupfs"),
    UNIFIED_ON_V1(
            "linux.resources.unified, on cgroup v1", "linux.resources.unified: this host's limits are in cgroup v1"),
    NETWORK_ON_V2(
            "linux.resources.network, on cgroup v2",
            "linux.resources.network: cgroup v2 has no network classes and priorities"),
    REAL_TIME_ON_V2(
            "linux.resources.cpu.realtimeRuntime, on cgroup v2",
            "linux.resources.cpu.realtimeRuntime: cgroup v2 has no real-time scheduling"),
    LEAF_WEIGHT_ON_V2(
            "linux.resources.blockIO.leafWeight, on cgroup v2",
            "linux.resources.blockIO.leafWeight: cgroup v2 has no weight of leaves"),
    NOTIFY_BY_DEFAULT("linux.seccomp.defaultAction", "SCMP_ACT_NOTIFY cannot be used as default action"),
    NOTIFY_OF_WRITE("linux.seccomp.syscalls.action", "SCMP_ACT_NOTIFY cannot be used for the write syscall"),
    EXEC_WITH_LISTENER(
            "linux.seccomp.listenerPath",
            "nothing is executed in a supervised container whose filter notifies an agent"),
    MOUNT_LABEL("linux.mountLabel", "linux.mountLabel is not supported: SELinux labels are not set"),
    INTEL_RDT("linux.intelRdt", "linux.intelRdt is not supported: resctrl groups are not made"),
    PERSONALITY_FLAGS("linux.personality.flags", "personality flags %s are not supported");

    private final String item;
    private final String words;

    UnsupportedItem(String item, String words) {
        this.item = item;
        this.words = words;
    }

    /// Where in the specification it is.
    public String item() {
        return item;
    }

    /// What is said when it is asked for.
    ///
    /// @param values what has been asked for, if the words repeat it
    public String words(Object... values) {
        return words.formatted(values);
    }

    /// The words for no particular request.
    public String words() {
        return words.replace("%s", "…");
    }
}
