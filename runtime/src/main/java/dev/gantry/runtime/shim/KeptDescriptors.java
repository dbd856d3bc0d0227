package dev.gantry.runtime.shim;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.runtime.launch.LaunchPlan;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies of the descriptors that a shim keeps for the daemon, until somebody owns them.
final class KeptDescriptors implements AutoCloseable {
    private final Map<String, OwnedFd> named = new HashMap<>();
    private boolean released;

    private KeptDescriptors() {}

    /// Takes the copies, pidfd_getfd(2), but for the status file, which is there by its name. Standard input is missing
    /// when the shim was told to close it.
    ///
    /// @param numbers the shim's, by name
    static KeptDescriptors of(Pidfd shim, Map<String, Integer> numbers) throws KernelException {
        KeptDescriptors kept = new KeptDescriptors();
        try {
            for (Map.Entry<String, Integer> each : numbers.entrySet()) {
                if (!each.getKey().equals(LaunchPlan.STATUS)) {
                    kept.take(shim, each.getKey(), each.getValue());
                }
            }
            return kept;
        } catch (KernelException e) {
            kept.close();
            throw e;
        }
    }

    private void take(Pidfd shim, String name, int number) throws KernelException {
        try {
            named.put(name, shim.descriptorOf(number));
        } catch (KernelException e) {
            if (!name.equals(LaunchPlan.STDIN_KEPT) || !e.errno().equals(Errno.EBADF)) {
                throw e;
            }
        }
    }

    @Nullable
    OwnedFd find(String name) {
        return named.get(name);
    }

    OwnedFd get(String name) {
        OwnedFd fd = named.get(name);
        if (fd == null) {
            throw new IllegalStateException("descriptor \"" + name + "\" is not recorded");
        }
        return fd;
    }

    /// All of them have other owners now.
    void release() {
        released = true;
    }

    @Override
    public void close() {
        if (!released) {
            named.values().forEach(OwnedFd::close);
        }
    }
}
