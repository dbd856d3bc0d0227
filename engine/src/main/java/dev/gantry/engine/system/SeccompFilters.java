package dev.gantry.engine.system;

import dev.gantry.engine.spec.SeccompSource;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.runtime.Seccomp;
import dev.gantry.runtime.seccomp.SeccompProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The runtime's filters for this host. The default profile's are kept by capability set: nearly all containers have
/// one of very few.
final class SeccompFilters implements SeccompSource {
    /// Users can ask for any of many sets, so not all of them can be kept.
    private static final int KEPT = 32;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Set<String>, Seccomp> kept = new LinkedHashMap<>(KEPT, 0.75f, true);

    @Override
    public Seccomp defaults(Set<String> capabilities) {
        lock.lock();
        try {
            Seccomp filter = kept.get(capabilities);
            if (filter == null) {
                filter = SeccompProfile.defaults().resolve(capabilities);
                kept.put(Set.copyOf(capabilities), filter);
                if (kept.size() > KEPT) {
                    kept.remove(kept.keySet().iterator().next());
                }
            }
            return filter;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Seccomp of(String profile, Set<String> capabilities) throws MalformedException {
        return SeccompProfile.parse(profile).resolve(capabilities);
    }
}
