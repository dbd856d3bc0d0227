package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.RunningContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RunTest {
    private final Run run = new Run(closed(), Process.of(List.of("true"), List.of(), "/"));

    /// A container whose descriptors are closed.
    private static RunningContainer closed() {
        return (RunningContainer) Proxy.newProxyInstance(
                RunTest.class.getClassLoader(), new Class<?>[] {RunningContainer.class}, (_, _, _) -> {
                    throw new KernelException("use of", "process 1", Errno.EBADF, "descriptor is closed");
                });
    }

    /// Who stops a container may see it run just before its end.
    @Test
    void sendsNoSignalOnceItHasEnded() throws Exception {
        run.ended();

        assertThat(run.kill(Signal.KILL)).isFalse();
        assertThat(run.kill(Signal.TERMINATE)).isFalse();
    }

    @Test
    void tellsWhyASignalCannotBeSentBefore() {
        assertThatThrownBy(() -> run.kill(Signal.KILL)).isInstanceOf(KernelException.class);
    }

    /// Who removes the container or starts it again waits for that.
    @Test
    @Timeout(10)
    void isCleanedUpWhateverFails() throws Exception {
        var failing = new Run(failing(), Process.of(List.of("true"), List.of(), "/"));

        failing.cleanUp(true);

        failing.awaitCleanUp();
    }

    /// A container of which nothing can be removed.
    private static RunningContainer failing() {
        return (RunningContainer) Proxy.newProxyInstance(
                RunTest.class.getClassLoader(), new Class<?>[] {RunningContainer.class}, (_, method, _) -> {
                    if (method.getName().equals("id")) {
                        return "c";
                    }
                    throw new UncheckedIOException(new IOException("no such device"));
                });
    }
}
