package dev.gantry.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Signal;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.RunningContainer;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

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

        assertThat(run.kill(Signal.KILL, false)).isFalse();
        assertThat(run.kill(Signal.TERMINATE, true)).isFalse();
    }

    @Test
    void tellsWhyASignalCannotBeSentBefore() {
        assertThatThrownBy(() -> run.kill(Signal.KILL, false)).isInstanceOf(KernelException.class);
    }
}
