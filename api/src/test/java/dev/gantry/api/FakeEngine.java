package dev.gantry.api;

import dev.gantry.engine.Attachment;
import dev.gantry.engine.Consistency;
import dev.gantry.engine.Containers;
import dev.gantry.engine.Created;
import dev.gantry.engine.DiskUsage;
import dev.gantry.engine.Engine;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.Event;
import dev.gantry.engine.EventStream;
import dev.gantry.engine.Events;
import dev.gantry.engine.Execs;
import dev.gantry.engine.FileAccess;
import dev.gantry.engine.Images;
import dev.gantry.engine.OutputSink;
import dev.gantry.engine.Pruned;
import dev.gantry.engine.RemoteRegistries;
import dev.gantry.engine.StreamType;
import dev.gantry.engine.SystemInformation;
import dev.gantry.engine.Volumes;
import dev.gantry.engine.WaitResult;
import dev.gantry.engine.Waiting;
import dev.gantry.engine.request.ImportRequest;
import dev.gantry.engine.request.PullRequest;
import dev.gantry.engine.view.CheckView;
import dev.gantry.engine.view.ExplanationView;
import dev.gantry.engine.view.PrunePreview;
import dev.gantry.engine.view.StatsView;
import dev.gantry.engine.view.StatsView.BlkioStats;
import dev.gantry.engine.view.StatsView.CpuStats;
import dev.gantry.engine.view.StatsView.CpuUsage;
import dev.gantry.engine.view.StatsView.MemoryStats;
import dev.gantry.engine.view.StatsView.PidsStats;
import dev.gantry.engine.view.StatsView.Throttling;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An engine with one container, `echo`, whose process gives back what it reads; every other is unknown.
final class FakeEngine implements Engine {
    /// How many samples there are of the container `sampled`, one a second from the beginning of 2026.
    static final int SAMPLES = 3;

    private static final long FIRST_SAMPLE = 1_767_225_600;

    final CountDownLatch waitClosed = new CountDownLatch(1);
    final CountDownLatch exit = new CountDownLatch(1);
    final CountDownLatch eventsClosed = new CountDownLatch(1);
    final CountDownLatch writerEnded = new CountDownLatch(1);
    final CountDownLatch attaching = new CountDownLatch(1);
    final CountDownLatch left = new CountDownLatch(1);
    final CountDownLatch attachmentClosed = new CountDownLatch(1);
    final AtomicLong written = new AtomicLong();
    final AtomicReference<Object> lastArgument = new AtomicReference<>("");

    @Override
    public Containers containers() {
        return answering(Containers.class, (_, method, arguments) -> {
            if (method.getName().equals("create")) {
                lastArgument.set(arguments[0]);
                return new Created("0".repeat(64), List.of());
            }
            if (method.getName().equals("explain")) {
                lastArgument.set(arguments[0]);
                var step = new ExplanationView.Step(
                        "container", "setsid", "", "", List.of(), "lead a session of its own", "default");
                return new ExplanationView(List.of(step), "container  setsid()\n");
            }
            Object name = arguments[0];
            return switch (method.getName() + " " + name) {
                case "stats sampled", "stats stopped", "stats endless" ->
                    sample(String.valueOf(name), (StatsView) arguments[1]);
                case "attach echo" -> new Echo();
                case "attach yes" -> new Endless();
                case "attach left" -> {
                    attaching.countDown();
                    left.await();
                    yield new Endless();
                }
                case "waitFor echo" -> new Wait();
                case "start running" -> throw new EngineException.NotModified("");
                case "start broken" -> throw new IllegalStateException("a bug");
                case "start named" -> throw new EngineException.Conflict("name in use");
                default -> throw new EngineException.NotFound("No such container: " + name);
            };
        });
    }

    /// As many as there are of `sampled`; the ID is the name.
    private StatsView sample(String name, @Nullable StatsView previous) {
        if (name.equals("endless")) {
            written.incrementAndGet();
        }
        long number = previous == null ? 0 : Instant.parse(previous.read()).getEpochSecond() - FIRST_SAMPLE + 1;
        if (name.equals("sampled") && number == SAMPLES) {
            throw new EngineException.NotFound("No such container: " + name);
        }
        CpuStats cpu = new CpuStats(new CpuUsage(number, List.of(), 0, 0), 0, 0, new Throttling(0, 0, 0));
        String time = name.equals("stopped")
                ? "0001-01-01T00:00:00Z"
                : Instant.ofEpochSecond(FIRST_SAMPLE + number).toString();
        return new StatsView(
                "/" + name,
                name,
                time,
                previous == null ? "0001-01-01T00:00:00Z" : previous.read(),
                new PidsStats(1, 0),
                BlkioStats.NONE,
                0,
                Map.of(),
                cpu,
                cpu,
                MemoryStats.NONE,
                Map.of(),
                Map.of());
    }

    @Override
    public Consistency consistency() {
        return options -> {
            lastArgument.set(options);
            var finding = new CheckView.Finding("cgroup", "c1", "belongs to nobody", "remove it", "found");
            return new CheckView(false, List.of(finding), new CheckView.LookedAt(1, 0, 0, 0, 0, 0, 0));
        };
    }

    @Override
    public Execs execs() {
        return answering(Execs.class, (_, _, arguments) -> {
            throw new EngineException.NotFound("No such exec instance: " + arguments[0]);
        });
    }

    @Override
    public Images images() {
        return answering(Images.class, (_, method, arguments) -> switch (method.getName()) {
            case "importTar" -> {
                try (InputStream archive = ((ImportRequest) arguments[0]).archive()) {
                    yield "sha256:" + archive.transferTo(OutputStream.nullOutputStream());
                }
            }
            case "list" -> List.of();
            case "pull" -> {
                pull((PullRequest) arguments[0], arguments[1]);
                yield null;
            }
            default -> throw new EngineException.NotFound("No such image: " + arguments[0]);
        });
    }

    @SuppressWarnings("unchecked")
    private void pull(PullRequest request, Object listener) {
        lastArgument.set(request);
        if (request.reference().contains("missing")) {
            throw new EngineException.NotFound("manifest for " + request.reference() + " not found");
        }
        var progress = (Consumer<Images.Progress>) listener;
        progress.accept(Images.Progress.of("7", "Pulling from library/redis"));
        progress.accept(Images.Progress.of("abc", "Pulling fs layer"));
        progress.accept(new Images.Progress("abc", "Downloading", new Images.Progress.Amount(1_234_567, 4_000_000)));
        throw new EngineException.Failed("no space left on device");
    }

    @Override
    public FileAccess files() {
        return answering(FileAccess.class, (_, _, arguments) -> {
            throw new EngineException.NotFound("No such container: " + arguments[0]);
        });
    }

    @Override
    public Volumes volumes() {
        return answering(Volumes.class, (_, method, arguments) -> {
            lastArgument.set(arguments[0]);
            return switch (method.getName()) {
                case "prune" -> new Pruned(List.of(), 0);
                default -> throw new EngineException.NotFound("get " + arguments[0] + ": no such volume");
            };
        });
    }

    @Override
    public RemoteRegistries registries() {
        return answering(RemoteRegistries.class, (_, _, arguments) -> {
            throw new EngineException.NotFound("no such registry: " + arguments[0]);
        });
    }

    @Override
    public DiskUsage diskUsage() {
        return answering(DiskUsage.class, (_, method, arguments) -> switch (method.getName()) {
            case "images" -> new DiskUsage.ImageUsage(30, 20, 7, List.of());
            case "preview" -> {
                lastArgument.set(arguments[2]);
                yield new PrunePreview(List.of(), 0);
            }
            default -> List.of();
        });
    }

    @Override
    public Events events() {
        return (_, _, _) -> new EventStream() {
            @Override
            public @Nullable Event next() throws InterruptedException {
                eventsClosed.await();
                return null;
            }

            @Override
            public void close() {
                eventsClosed.countDown();
            }
        };
    }

    @Override
    public SystemInformation system() {
        return answering(SystemInformation.class, (_, method, _) -> method.getName());
    }

    @Override
    public void close() {
        exit.countDown();
    }

    private static <T> T answering(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /// Gives back every byte, and ends when the input has ended.
    private static final class Echo implements Attachment {
        private final PipedInputStream pipe = new PipedInputStream(1 << 16);
        private final PipedOutputStream sink = new PipedOutputStream();

        Echo() throws IOException {
            pipe.connect(sink);
        }

        @Override
        public boolean terminal() {
            return true;
        }

        @Override
        public void copyOutput(OutputSink out) throws IOException {
            byte[] bytes = new byte[8192];
            for (int read = pipe.read(bytes); read >= 0; read = pipe.read(bytes)) {
                out.write(StreamType.STDOUT, bytes, 0, read);
            }
            byte[] tail = new byte[1 << 20];
            Arrays.fill(tail, (byte) 't');
            out.write(StreamType.STDOUT, tail, 0, tail.length);
        }

        @Override
        public boolean copyInput(InputStream source) throws IOException {
            try (sink) {
                long _ = source.transferTo(sink);
            }
            return false;
        }

        @Override
        public void close() {}
    }

    /// Never stops writing.
    private final class Endless implements Attachment {
        @Override
        public boolean terminal() {
            return false;
        }

        @Override
        public void copyOutput(OutputSink out) throws IOException {
            byte[] bytes = new byte[32 << 10];
            try {
                while (true) {
                    out.write(StreamType.STDERR, bytes, 0, bytes.length);
                    written.addAndGet(bytes.length);
                }
            } finally {
                writerEnded.countDown();
            }
        }

        @Override
        public boolean copyInput(InputStream source) {
            return false;
        }

        @Override
        public void close() {
            attachmentClosed.countDown();
        }
    }

    private final class Wait implements Waiting {
        @Override
        public WaitResult await() throws InterruptedException {
            exit.await();
            return new WaitResult(7, null);
        }

        @Override
        public void close() {
            waitClosed.countDown();
        }
    }
}
