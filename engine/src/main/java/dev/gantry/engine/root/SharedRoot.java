package dev.gantry.engine.root;

import dev.gantry.kernel.SafeDirectory;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The mount of a root file system that several use: the first one makes it, the last one lets go of it.
/// With two mounts of one upper directory the kernel promises nothing, so whoever needs the root asks here
/// first, under the container's lock.
public final class SharedRoot {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition unused = lock.newCondition();
    private @Nullable SafeDirectory mount;
    private int users;

    /// Makes the mount.
    public interface Opener {
        SafeDirectory open() throws IOException;
    }

    /// Joins those who use the mount, or makes it.
    public Use open(Opener opener) throws IOException {
        lock.lock();
        try {
            SafeDirectory present = mount;
            if (present == null) {
                present = opener.open();
                mount = present;
            }
            Use use = new Use(copy(present));
            users++;
            return use;
        } finally {
            if (users == 0) {
                release();
            }
            lock.unlock();
        }
    }

    /// Keeps the container's files where they are, without a mount.
    public Use hold() {
        lock.lock();
        try {
            users++;
            return new Use(null);
        } finally {
            lock.unlock();
        }
    }

    /// One more descriptor of the mount, if somebody uses it.
    public Optional<SafeDirectory> inUse() throws IOException {
        lock.lock();
        try {
            return mount == null ? Optional.empty() : Optional.of(copy(mount));
        } finally {
            lock.unlock();
        }
    }

    /// Parks until nobody uses it.
    public void awaitUnused() {
        lock.lock();
        try {
            while (users > 0) {
                unused.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static SafeDirectory copy(SafeDirectory mount) throws IOException {
        return SafeDirectory.of(mount.descriptor().duplicate());
    }

    private void release() {
        if (mount != null) {
            mount.close();
            mount = null;
        }
        unused.signalAll();
    }

    /// Somebody's use of the mount. Closing is idempotent.
    public final class Use implements AutoCloseable {
        private @Nullable SafeDirectory root;
        private boolean open = true;

        private Use(@Nullable SafeDirectory root) {
            this.root = root;
        }

        /// The root, unless the files are only held; closed with this.
        public SafeDirectory root() {
            return Objects.requireNonNull(root, "held without a mount");
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!open) {
                    return;
                }
                open = false;
                if (root != null) {
                    root.close();
                }
                users--;
                if (users == 0) {
                    release();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
