package dev.gantry.cli.stream;

import dev.gantry.cli.engine.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The caller's streams tied to those of a container's process, over a connection that was taken over.
///
/// Input is copied by a thread of its own that nothing waits for: a read of a terminal cannot be interrupted, and the
/// client ends by halting the JVM.
public final class AttachedStreams {
    private static final int BUFFER = 32 * 1024;

    private final Exchange exchange;
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();

    private AttachedStreams(Exchange exchange) {
        this.exchange = exchange;
    }

    /// How it ended.
    public enum Ending {
        /// The other side closed, or all input was sent and there is no output to wait for.
        ENDED,
        /// The user typed the detach keys.
        DETACHED
    }

    private record Result(Ending ending, @Nullable IOException failure) {}

    /// What is tied together; null for what is not. With a terminal, everything comes on one stream.
    ///
    /// @param keys where given, input is searched for them and the terminal is made raw
    public record Ties(
            @Nullable InputStream in,
            @Nullable OutputStream out,
            @Nullable OutputStream err,
            boolean terminal,
            @Nullable DetachKeys keys) {}

    /// Starts copying.
    public static AttachedStreams start(Exchange exchange, Ties ties) throws IOException {
        AttachedStreams streams = new AttachedStreams(exchange);
        InputStream in = ties.in();
        if (ties.terminal() && in != null && Tty.isTerminal(0)) {
            Tty.makeRaw();
            Signals.restoreTerminalAtEnd();
        }
        boolean hasOutput = ties.out() != null || ties.err() != null;
        if (hasOutput) {
            Thread.ofPlatform().daemon().name("output").start(() -> streams.copyOutput(ties));
        }
        Thread.ofPlatform().daemon().name("input").start(() -> streams.copyInput(in, ties.keys(), !hasOutput));
        return streams;
    }

    private void copyOutput(Ties ties) {
        try {
            OutputStream out = ties.out();
            if (ties.terminal() && out != null) {
                copy(exchange.input(), out);
            } else {
                Demultiplexer.copy(exchange.input(), out, ties.err());
            }
            results.add(new Result(Ending.ENDED, null));
        } catch (IOException e) {
            results.add(new Result(Ending.ENDED, e));
        }
    }

    private static void copy(InputStream source, OutputStream target) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
            target.write(buffer, 0, count);
        }
    }

    private void copyInput(@Nullable InputStream in, @Nullable DetachKeys keys, boolean last) {
        try {
            if (in != null && send(in, keys)) {
                results.add(new Result(Ending.DETACHED, null));
                return;
            }
            exchange.closeWrite();
        } catch (IOException _) {
            // the other side has closed: copying output says how
        }
        if (last) {
            results.add(new Result(Ending.ENDED, null));
        }
    }

    /// Gives whether the detach keys came.
    private boolean send(InputStream in, @Nullable DetachKeys keys) throws IOException {
        OutputStream target = exchange.output();
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (keys == null) {
                target.write(buffer, 0, count);
            } else if (keys.pass(buffer, count, target)) {
                return true;
            }
        }
        return false;
    }

    /// Makes [#await] return as if the streams had ended.
    public void end() {
        results.add(new Result(Ending.ENDED, null));
    }

    /// Waits for the end, and gives the terminal its mode back. Throws what copying output failed with.
    public Ending await() throws IOException {
        try {
            Result result = results.take();
            if (result.failure() != null) {
                throw result.failure();
            }
            return result.ending();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while attached", e);
        } finally {
            Tty.restore();
        }
    }
}
