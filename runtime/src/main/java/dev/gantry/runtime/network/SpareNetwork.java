package dev.gantry.runtime.network;

import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.network.NetworkNamespace;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One network namespace ahead of the next start: making one is the longest step of a start (a tenth of it), and no
/// two of them differ. Who finds none has the kernel make one with the process.
///
/// Thread-safe.
public final class SpareNetwork {
    private static final System.Logger LOGGER = System.getLogger("dev.gantry.runtime");
    /// Past a start, which has better use for the processors.
    private static final long DELAY_MILLIS = 10;

    private static final Executor LATER = CompletableFuture.delayedExecutor(
            DELAY_MILLIS,
            TimeUnit.MILLISECONDS,
            task -> Thread.ofPlatform().daemon().name("spare network").start(task));

    private final AtomicReference<@Nullable OwnedFd> spare = new AtomicReference<>();

    /// Has one made in a moment, unless there is one.
    public void prepare() {
        LATER.execute(this::make);
    }

    /// Whether a start would find one now.
    public boolean isReady() {
        return spare.get() != null;
    }

    /// A namespace with its loopback interface up, for whoever closes it; empty if the last one was taken just now.
    /// The next one is made in a moment.
    public Optional<OwnedFd> take() {
        Optional<OwnedFd> taken = Optional.ofNullable(spare.getAndSet(null));
        prepare();
        return taken;
    }

    private void make() {
        if (isReady()) {
            return;
        }
        try {
            OwnedFd made = NetworkNamespace.enterNew();
            if (!spare.compareAndSet(null, made)) {
                made.close();
            }
        } catch (KernelException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "no spare network namespace: {0}", e.getMessage());
        }
    }
}
