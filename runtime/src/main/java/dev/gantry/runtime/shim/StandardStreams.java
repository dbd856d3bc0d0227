package dev.gantry.runtime.shim;

import dev.gantry.kernel.Mounts;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.PolledOutput;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Pty;
import dev.gantry.oci.runtime.Process;
import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.launch.LaunchPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// This side of a process's standard streams: pipes, or the master of a terminal.
///
/// @param master of the terminal; null without one
public record StandardStreams(
        @Nullable OutputStream input,
        PolledInput output,
        @Nullable PolledInput error,
        @Nullable OwnedFd master) implements AutoCloseable {

    /// Where terminals are: the container's own devpts.
    public interface Devpts {
        OwnedFd open() throws IOException;
    }

    /// A devpts for a container that does not exist yet.
    ///
    /// @param maps of its user namespace
    public static OwnedFd newDevpts(IdMaps maps) throws IOException {
        return Mounts.fileSystem(
                "devpts",
                LaunchPlan.devptsOptions(maps),
                Set.of(Mounts.Attribute.NO_SET_USER_ID, Mounts.Attribute.NO_EXECUTE));
    }

    /// Opens the streams of a process, and hands the other sides over.
    public static StandardStreams open(
            Poller poller, Process process, boolean openInput, Devpts devpts, Handover handover) throws IOException {
        return process.terminal()
                ? terminal(poller, devpts.open(), process.consoleSize(), handover)
                : pipes(poller, openInput, handover);
    }

    private static StandardStreams terminal(
            Poller poller, OwnedFd devpts, Process.@Nullable ConsoleSize size, Handover handover) throws IOException {
        Pty pty = Pty.open(devpts);
        handover.give(LaunchPlan.TERMINAL, pty.peer());
        handover.lend(LaunchPlan.MASTER_KEPT, pty.master());
        if (size != null) {
            Pty.resize(pty.master(), size.height(), size.width());
        }
        Pipe relay = Pipe.create();
        handover.lend(LaunchPlan.RELAY_READ_KEPT, relay.read());
        handover.lend(LaunchPlan.RELAY_WRITE_KEPT, relay.write());
        return ofMaster(poller, pty.master(), relay);
    }

    private static StandardStreams pipes(Poller poller, boolean openInput, Handover handover) throws IOException {
        OutputStream input = null;
        if (openInput) {
            Pipe pipe = Pipe.create();
            handover.give(LaunchPlan.STDIN, pipe.read());
            handover.lend(LaunchPlan.STDIN_KEPT, pipe.write());
            input = new PolledOutput(poller, pipe.write());
        }
        return new StandardStreams(
                input,
                reader(poller, LaunchPlan.STDOUT, LaunchPlan.STDOUT_KEPT, handover),
                reader(poller, LaunchPlan.STDERR, LaunchPlan.STDERR_KEPT, handover),
                null);
    }

    private static PolledInput reader(Poller poller, String theirs, String kept, Handover handover) throws IOException {
        Pipe pipe = Pipe.create();
        handover.give(theirs, pipe.write());
        handover.lend(kept, pipe.read());
        return new PolledInput(poller, pipe.read());
    }

    /// The streams of a process that another daemon has started. Standard input is missing when it was closed.
    static StandardStreams adopt(Poller poller, KeptDescriptors kept) throws IOException {
        OwnedFd master = kept.find(LaunchPlan.MASTER_KEPT);
        if (master != null) {
            Pipe relay = new Pipe(kept.get(LaunchPlan.RELAY_READ_KEPT), kept.get(LaunchPlan.RELAY_WRITE_KEPT));
            return ofMaster(poller, master, relay);
        }
        OwnedFd input = kept.find(LaunchPlan.STDIN_KEPT);
        return new StandardStreams(
                input == null ? null : new PolledOutput(poller, input),
                new PolledInput(poller, kept.get(LaunchPlan.STDOUT_KEPT)),
                new PolledInput(poller, kept.get(LaunchPlan.STDERR_KEPT)),
                null);
    }

    /// The streams of a process whose shim has ended: all that it wrote was read.
    static StandardStreams ended(Poller poller, boolean terminal) throws IOException {
        return new StandardStreams(null, atItsEnd(poller), terminal ? null : atItsEnd(poller), null);
    }

    private static PolledInput atItsEnd(Poller poller) throws IOException {
        Pipe pipe = Pipe.create();
        pipe.write().close();
        return new PolledInput(poller, pipe.read());
    }

    private static StandardStreams ofMaster(Poller poller, OwnedFd master, Pipe relay) throws IOException {
        return new StandardStreams(
                new PolledOutput(poller, master.duplicate()),
                PolledInput.terminal(poller, master, relay),
                null,
                master);
    }

    @Override
    public void close() throws IOException {
        output.close();
        if (input != null) {
            input.close();
        }
        if (error != null) {
            error.close();
        }
    }
}
