package dev.gantry.cli.stream;

import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Query;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Signals that the client gets: passed on to a container's process, or about the size of the terminal.
public final class Signals {
    /// What can be caught at all: the JVM keeps SIGQUIT and the synchronous ones for itself. SIGCHLD, SIGPIPE,
    /// SIGURG and SIGWINCH are not passed on, as in Docker.
    private static final List<String> PASSED_ON = List.of(
            "HUP", "INT", "TERM", "USR1", "USR2", "ALRM", "CONT", "TSTP", "TTIN", "TTOU", "XCPU", "XFSZ", "VTALRM",
            "PROF", "IO", "PWR", "SYS", "TRAP", "ABRT");

    private Signals() {}

    /// From now on, passes signals on to the container's process through the daemon, in the order they came.
    public static void passOn(Engine engine, String container) {
        BlockingQueue<String> caught = new LinkedBlockingQueue<>();
        for (String name : PASSED_ON) {
            catchSignal(name, () -> caught.add(name));
        }
        Thread.ofPlatform().daemon().name("signals").start(() -> {
            while (true) {
                try {
                    String name = caught.take();
                    engine.post("/containers/" + container + "/kill", new Query().with("signal", name), null);
                } catch (IOException _) {
                    // the container has just ended, or the daemon is gone: the other streams notice both
                } catch (InterruptedException _) {
                    return;
                }
            }
        });
    }

    /// From now on, tells of every change of the terminal's size.
    public static void onResize(Runnable action) {
        catchSignal("WINCH", action);
    }

    /// Restores the terminal when the client itself is ended.
    public static void restoreTerminalAtEnd() {
        catchSignal("HUP", () -> restoreAndEnd(1));
        catchSignal("TERM", () -> restoreAndEnd(15));
    }

    private static void restoreAndEnd(int signal) {
        Tty.restore();
        Runtime.getRuntime().halt(128 + signal);
    }

    /// By reflection: javac warns about every mention of sun.misc.Signal, and no switch or annotation that works inside
    /// Maven silences it. There is no supported way to catch a signal.
    private static void catchSignal(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object caught = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return method.getName().equals("hashCode") ? System.identityHashCode(proxy) : null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), caught);
        } catch (InvocationTargetException _) {
            // not on this machine, or kept by the JVM: it does what it always does
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("jdk.unsupported is not as it was", e);
        }
    }
}
