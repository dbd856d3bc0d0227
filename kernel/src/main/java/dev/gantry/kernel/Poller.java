package dev.gantry.kernel;

import dev.gantry.kernel.ffi.Call;
import dev.gantry.kernel.ffi.Machine;
import dev.gantry.kernel.ffi.SystemCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Lets any number of threads wait for descriptors while one platform thread waits for the kernel; epoll(7).
///
/// A blocking read in a native call would pin the carrier of a virtual thread; here the virtual thread parks. Several
/// threads may wait for one descriptor. Closing a descriptor wakes who waits for it with EBADF.
public final class Poller implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger(Poller.class.getName());

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EPOLLOUT = 4;
    private static final int EPOLLONESHOT = 1 << 30;
    private static final int BATCH = 64;
    /// `struct epoll_event` is packed on x86-64 and aligned elsewhere.
    private static final long EVENT_SIZE = Machine.CURRENT.choose(12, 16);

    private static final long EVENT_DATA = EVENT_SIZE - Long.BYTES;
    /// The key of the descriptor that ends the thread.
    private static final long END = 0;

    /// A thread that waits.
    private static final class Waiter implements OwnedFd.CloseListener {
        private final Thread thread = Thread.currentThread();
        private volatile boolean ready;

        @Override
        public void descriptorClosing() {
            wake();
        }

        void wake() {
            ready = true;
            LockSupport.unpark(thread);
        }
    }

    private final OwnedFd epoll;
    private final OwnedFd end;
    private final ConcurrentMap<Long, Waiter> waiting = new ConcurrentHashMap<>();
    private final AtomicLong keys = new AtomicLong(END + 1);
    private volatile boolean closed;

    private Poller(OwnedFd epoll, OwnedFd end) {
        this.epoll = epoll;
        this.end = end;
    }

    /// Starts the thread.
    public static Poller start(String name) throws KernelException {
        OwnedFd epoll = new OwnedFd(
                Kernel.call(Call.EPOLL_CREATE1, name, () -> SystemCall.invoke(Call.EPOLL_CREATE1, EPOLL_CLOEXEC)),
                "epoll " + name);
        Poller poller = new Poller(epoll, OwnedFd.event());
        poller.control(EPOLL_CTL_ADD, poller.end, EPOLLIN, END);
        Thread.ofPlatform().daemon().name(name).start(poller::run);
        return poller;
    }

    /// Parks until a read would not block: data, end of stream, error, or the end of a pidfd's process.
    ///
    /// @throws KernelException EBADF if the descriptor is closed meanwhile
    public void awaitReadable(OwnedFd fd) throws KernelException, InterruptedException {
        await(fd, EPOLLIN);
    }

    /// Parks until a write would not block, or fail.
    ///
    /// @throws KernelException EBADF if the descriptor is closed meanwhile
    public void awaitWritable(OwnedFd fd) throws KernelException, InterruptedException {
        await(fd, EPOLLOUT);
    }

    private void await(OwnedFd fd, int interest) throws KernelException, InterruptedException {
        Waiter waiter = new Waiter();
        long key = keys.getAndIncrement();
        waiting.put(key, waiter);
        // a copy of its own: the same open file may be awaited for reading and for writing at once
        try (OwnedFd watched = fd.duplicate()) {
            fd.listen(waiter);
            controlUnlessClosed(EPOLL_CTL_ADD, watched, interest | EPOLLONESHOT, key);
            try {
                while (!waiter.ready && fd.isOpen()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("while waiting for " + fd);
                    }
                    LockSupport.park(this);
                }
            } finally {
                controlUnlessClosed(EPOLL_CTL_DEL, watched, 0, key);
            }
        } finally {
            fd.unlisten(waiter);
            waiting.remove(key);
        }
        if (!fd.isOpen()) {
            throw new KernelException("wait for", fd.toString(), Errno.EBADF, "closed meanwhile");
        }
    }

    private void controlUnlessClosed(int operation, OwnedFd fd, int events, long key) throws KernelException {
        try {
            control(operation, fd, events, key);
        } catch (KernelException e) {
            if (!closed) {
                throw e;
            }
        }
    }

    private void control(int operation, OwnedFd fd, int events, long key) throws KernelException {
        int number = fd.acquire();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(EVENT_SIZE);
            event.set(ValueLayout.JAVA_INT, 0, events);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_DATA, key);
            Kernel.call(
                    Call.EPOLL_CTL,
                    fd,
                    epoll,
                    instance -> SystemCall.invoke(Call.EPOLL_CTL, instance, operation, number, event.address()));
        } finally {
            fd.release();
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(EVENT_SIZE * BATCH);
            while (true) {
                long count = Kernel.call(
                        Call.EPOLL_PWAIT,
                        epoll,
                        number -> SystemCall.invoke(Call.EPOLL_PWAIT, number, events.address(), BATCH, -1, 0, 8));
                if (!dispatch(events, count)) {
                    return;
                }
            }
        } catch (KernelException e) {
            LOGGER.log(System.Logger.Level.ERROR, "descriptors are no longer watched", e);
        }
    }

    /// False when the poller is being closed.
    private boolean dispatch(MemorySegment events, long count) {
        for (long i = 0; i < count; i++) {
            long key = events.get(ValueLayout.JAVA_LONG_UNALIGNED, i * EVENT_SIZE + EVENT_DATA);
            if (key == END) {
                epoll.close();
                end.close();
                return false;
            }
            Waiter waiter = waiting.get(key);
            if (waiter != null) {
                waiter.wake();
            }
        }
        return true;
    }

    /// Ends the thread. Nobody is woken from then on but by closing what he waits for, and whoever comes to wait is no
    /// exception: to him, an error would be news of his descriptor.
    @Override
    public void close() throws KernelException {
        if (!end.isOpen()) {
            return;
        }
        closed = true;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(ValueLayout.JAVA_LONG);
            one.set(ValueLayout.JAVA_LONG, 0, 1);
            Kernel.call(Call.WRITE, end, number -> SystemCall.invoke(Call.WRITE, number, one.address(), Long.BYTES));
        }
    }
}
