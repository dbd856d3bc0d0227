package dev.gantry.engine.state;

import dev.gantry.engine.WaitResult;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.request.WaitCondition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Who waits for what of one container.
public final class Waits {
    private final List<Pending> pending = new CopyOnWriteArrayList<>();
    private volatile @Nullable WaitResult removal;

    /// A wait for something that has not happened yet; it is over at once if the container is gone.
    public Waiting register(WaitCondition condition) {
        var wait = new Pending(condition);
        pending.add(wait);
        WaitResult last = removal;
        if (last != null) {
            wait.settle(last);
        }
        return wait;
    }

    /// A wait for something that is so already.
    public static Waiting over(WaitResult result) {
        return new Over(result);
    }

    /// The process has ended.
    public void exited(WaitResult result) {
        for (Pending wait : pending) {
            if (wait.condition != WaitCondition.REMOVED) {
                wait.settle(result);
            }
        }
    }

    /// The container is gone, or cannot be removed: nobody waits any longer, nor from now on.
    public void removed(WaitResult result) {
        removal = result;
        pending.forEach(wait -> wait.settle(result));
    }

    private record Over(WaitResult result) implements Waiting {
        @Override
        public WaitResult await() {
            return result;
        }

        @Override
        public void close() {
            // nothing is registered
        }
    }

    private final class Pending implements Waiting {
        private final WaitCondition condition;
        private final CountDownLatch settled = new CountDownLatch(1);
        private volatile @Nullable WaitResult result;

        Pending(WaitCondition condition) {
            this.condition = condition;
        }

        void settle(WaitResult with) {
            result = with;
            settled.countDown();
            pending.remove(this);
        }

        @Override
        public WaitResult await() throws InterruptedException {
            settled.await();
            WaitResult known = result;
            if (known == null) {
                throw new InterruptedException("the wait was given up");
            }
            return known;
        }

        @Override
        public void close() {
            pending.remove(this);
            settled.countDown();
        }
    }
}
