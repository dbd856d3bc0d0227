package dev.gantry.runtime.explain;

import java.util.Map;

/// Why the items of a spec are there: a flag, the image, or a default.
///
/// Items are named by their place in the spec: `process.args`, `process.user`, `process.cwd`, `process.env`,
/// `process.capabilities`, `process.rlimits:RLIMIT_NOFILE`, `process.noNewPrivileges`, `process.oomScoreAdj`,
/// `process.terminal`, `process.apparmorProfile`, `root`, `root.readonly`, `hostname`, `domainname`, `mounts:/tmp`,
/// `linux.devices:/dev/fuse`, `linux.sysctl:net.x`, `linux.namespaces:pid`, `linux.seccomp`, `linux.maskedPaths`,
/// `linux.readonlyPaths`, `linux.resources.memory.limit`, `linux.resources.devices`, `init`.
///
/// @param reasons the reason of each item that is not a default, such as `image USER` or `--user 1000`
public record Origins(Map<String, String> reasons) {
    public static final String DEFAULT = "default";

    /// Everything is a default.
    public static final Origins NONE = new Origins(Map.of());

    public Origins {
        reasons = Map.copyOf(reasons);
    }

    /// The reason of an item; [#DEFAULT] if nothing else is known.
    public String of(String item) {
        return reasons.getOrDefault(item, DEFAULT);
    }
}
