package dev.gantry.runtime.hook;

import dev.gantry.kernel.Errno;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.Memfd;
import dev.gantry.kernel.OwnedFd;
import dev.gantry.kernel.Pidfd;
import dev.gantry.kernel.Pipe;
import dev.gantry.kernel.PolledInput;
import dev.gantry.kernel.Poller;
import dev.gantry.kernel.Signal;
import dev.gantry.kernel.Spawn;
import dev.gantry.oci.runtime.Hooks.Hook;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Program;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Report;
import dev.gantry.runtime.program.Role;
import dev.gantry.runtime.program.Syscall;
import dev.gantry.runtime.program.encode.Assembler;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Runs hooks in the daemon's namespaces, each with exactly the arguments and environment that it is given, and the
/// container's state on standard input.
public final class HookRunner {
    private static final int REPORT = Spawn.FIRST_DESCRIPTOR;
    private static final int STATE = REPORT + 1;
    private static final int OUTPUT = STATE + 1;
    private static final long EVERY = 0xFFFF_FFFFL;
    private static final long CLOSE_RANGE_CLOEXEC = 4;
    /// So much of what a hook prints is quoted when it fails.
    private static final int QUOTED = 1024;

    private final Poller poller;

    public HookRunner(Poller poller) {
        this.poller = poller;
    }

    /// Runs hooks one after the other, until one fails.
    ///
    /// @param kind as the specification names them
    public void run(String kind, List<Hook> hooks, byte[] state) throws IOException {
        for (Hook hook : hooks) {
            run(kind + " hook " + hook.path(), hook, state);
        }
    }

    private void run(String words, Hook hook, byte[] state) throws IOException {
        Ending ending = execute(words, hook, state, QUOTED);
        if (!ending.problem().isEmpty()) {
            throw new HookFailure(words, ending.problem());
        } else if (ending.code() != 0) {
            String printed = ending.printed();
            throw new HookFailure(
                    words, "ended with exit code " + ending.code() + (printed.isEmpty() ? "" : ": " + printed));
        }
    }

    /// How a program of the host's ended.
    ///
    /// @param problem what kept it from being executed or made it late; empty if nothing did
    /// @param printed the beginning of what it printed
    public record Ending(int code, String problem, String printed) {}

    /// Runs any program of the host's as hooks are run.
    ///
    /// @param words what it is called in messages
    /// @param input what it reads on standard input
    /// @param quoted how much is kept of what it prints
    public Ending execute(String words, Hook hook, byte[] input, int quoted) throws IOException {
        try (Pipe report = Pipe.create();
                OwnedFd document = Memfd.executable("state", input);
                Pipe output = Pipe.create();
                OwnedFd executable =
                        Memfd.executable("hook", Assembler.assemble(program(words, hook), Architecture.host()));
                InputStream reports = new PolledInput(poller, report.read());
                InputStream printed = new PolledInput(poller, output.read())) {
            int pid = Spawn.start(executable, "hook", List.of(report.write(), document, output.write()));
            try (Pidfd process = Pidfd.open(pid)) {
                report.write().close();
                output.write().close();
                String problem = executed(reports);
                Printed text = Printed.of(printed, quoted);
                int code = awaitEnd(process, hook.timeout());
                return new Ending(
                        code, code == LATE ? "took longer than " + hook.timeout() + " s" : problem, text.soFar());
            }
        }
    }

    private static Program program(String words, Hook hook) {
        ProgramBuilder b = new ProgramBuilder(REPORT);
        b.step(Role.HOOK, "execute " + words, "hooks");
        b.call(Syscall.CLOSE_RANGE, Operand.of(OUTPUT + 1L), Operand.of(EVERY), Operand.of(0));
        b.call(Syscall.LSEEK, Operand.of(STATE), Operand.of(0), Operand.of(0));
        b.call(Syscall.DUP3, Operand.of(STATE), Operand.of(0), Operand.of(0));
        b.call(Syscall.DUP3, Operand.of(OUTPUT), Operand.of(1), Operand.of(0));
        b.call(Syscall.DUP3, Operand.of(OUTPUT), Operand.of(2), Operand.of(0));
        b.call(Syscall.CLOSE_RANGE, Operand.of(REPORT), Operand.of(EVERY), Operand.of(CLOSE_RANGE_CLOEXEC));
        List<String> arguments = hook.args().isEmpty() ? List.of(hook.path()) : hook.args();
        b.call(Syscall.EXECVE, b.string(hook.path()), b.strings(arguments), b.strings(hook.env()));
        b.exit(Operand.of(Program.FAILURE_EXIT_CODE));
        return b.build();
    }

    /// What prevented the hook from being executed; empty if it was.
    private static String executed(InputStream reports) throws IOException {
        byte[] record = new byte[Report.SIZE];
        return reports.readNBytes(record, 0, Report.SIZE) == Report.SIZE
                        && Report.read(ByteBuffer.wrap(record)) instanceof Report.Failed failed
                ? new Errno(failed.errno()).description()
                : "";
    }

    private int awaitEnd(Pidfd process, @Nullable Integer timeout) throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean late = new AtomicBoolean();
        if (timeout != null && timeout > 0) {
            Thread.ofVirtual().name("hook timeout").start(() -> killLate(process, timeout, ended, late));
        }
        try {
            poller.awaitReadable(process.descriptor());
        } catch (InterruptedException _) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a hook");
        } finally {
            ended.countDown();
        }
        int code = process.reapStatus();
        return late.get() ? LATE : code;
    }

    private static final int LATE = -1;

    private static void killLate(Pidfd process, int timeout, CountDownLatch ended, AtomicBoolean late) {
        try {
            if (!ended.await(timeout, TimeUnit.SECONDS)) {
                late.set(true);
                kill(process);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void kill(Pidfd process) {
        try {
            process.send(Signal.KILL);
        } catch (KernelException e) {
            System.getLogger(HookRunner.class.getName()).log(System.Logger.Level.DEBUG, "the hook has just ended", e);
        }
    }

    /// What a hook prints, as far as it is quoted; the rest is read too, so that the hook is never held up.
    private static final class Printed {
        private final StringBuilder text = new StringBuilder();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final int quoted;

        private Printed(int quoted) {
            this.quoted = quoted;
        }

        static Printed of(InputStream in, int quoted) {
            Printed printed = new Printed(quoted);
            Thread.ofVirtual().name("hook output").start(() -> {
                printed.read(in);
                printed.ended.countDown();
            });
            return printed;
        }

        private void read(InputStream in) {
            byte[] some = new byte[QUOTED];
            try {
                for (int length = in.read(some); length >= 0; length = in.read(some)) {
                    append(new String(some, 0, length, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                System.getLogger(HookRunner.class.getName())
                        .log(System.Logger.Level.DEBUG, "output of a hook is not read any more", e);
            }
        }

        private synchronized void append(String more) {
            text.append(more, 0, Math.min(more.length(), Math.max(0, quoted - text.length())));
        }

        /// What came before the hook's end; a process that it leaves behind may hold the pipe open, and is not waited
        /// for.
        String soFar() {
            try {
                boolean _ = ended.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            synchronized (this) {
                return text.toString().strip();
            }
        }
    }
}
