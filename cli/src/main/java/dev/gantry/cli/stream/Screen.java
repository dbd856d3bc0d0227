package dev.gantry.cli.stream;

import dev.gantry.cli.engine.Engine;
import dev.gantry.cli.engine.Query;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/// Keeps the size of a container's terminal equal to the caller's.
public final class Screen {
    private static final int TRIES = 10;
    private static final int PAUSE_MILLISECONDS = 10;

    private Screen() {}

    /// Sends the size now and after each change. `path` is `/containers/ID` or `/exec/ID`.
    public static void follow(Engine engine, String path) {
        Semaphore changes = new Semaphore(1);
        Signals.onResize(changes::release);
        Thread.ofPlatform().daemon().name("resize").start(() -> {
            // the process may not have its terminal yet when the first size is sent
            int tries = TRIES;
            while (true) {
                try {
                    changes.acquire();
                    changes.drainPermits();
                    while (!resize(engine, path, Tty.size()) && tries-- > 0) {
                        Thread.sleep((long) PAUSE_MILLISECONDS * (TRIES - tries));
                    }
                    tries = 0;
                } catch (InterruptedException _) {
                    return;
                }
            }
        });
    }

    /// Sends one size and gives whether the daemon took it.
    public static boolean resize(Engine engine, String path, Tty.Size size) {
        if (size.equals(Tty.Size.NONE)) {
            return true;
        }
        Query query = new Query().with("h", Integer.toString(size.rows())).with("w", Integer.toString(size.columns()));
        try {
            engine.post(path + "/resize", query, null);
            return true;
        } catch (IOException _) {
            // not started yet, or ended already
            return false;
        }
    }
}
