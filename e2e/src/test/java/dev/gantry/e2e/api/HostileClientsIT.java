package dev.gantry.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.EndToEnd;
import dev.gantry.e2e.EngineConnection;
import dev.gantry.e2e.GantryDaemon;
import dev.gantry.e2e.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What clients and other users of the host may not get out of the daemon.
@GantryDaemon
class HostileClientsIT extends EndToEnd {
    private static final Map<String, String> UPGRADE = Map.of("Upgrade", "tcp", "Connection", "Upgrade");
    private static final int CLIENTS = 200;
    private static final int PINGS = 51;
    private static final int OUTPUT = 16 << 20;
    /// The queue, what is being written, and the connection.
    private static final long EACH = 512 << 10;
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    /// CVE-2025-64329 (containerd), CVE-2022-31030: clients that attach and do not read must not fill the daemon's
    /// memory.
    @Test
    void doNotFillTheHeapByNotReading() throws IOException {
        String name = background("yes", "--log-opt", "max-size=1m", "--network", "none");
        List<EngineConnection> silent = new ArrayList<>();
        try {
            long before = usedHeap();
            for (int i = 0; i < CLIENTS; i++) {
                silent.add(attach(name));
            }
            try (EngineConnection reader = attach(name)) {
                assertThat(reader.stream().readNBytes(OUTPUT)).hasSize(OUTPUT);
                long full = usedHeap();
                assertThat(full - before)
                        .as("bytes that %s clients cost", CLIENTS)
                        .isLessThan(CLIENTS * EACH);
                assertThat(reader.stream().readNBytes(OUTPUT)).hasSize(OUTPUT);
                assertThat(usedHeap() - full)
                        .as("bytes that %s clients cost when as much again is offered", CLIENTS)
                        .isLessThan(CLIENTS * EACH / 10);
                assertThat(medianPing()).isLessThanOrEqualTo(Waiting.patience(Duration.ofMillis(50)));
            }
            assertThat(status(name)).isEqualTo("running");
        } finally {
            for (EngineConnection connection : silent) {
                connection.close();
            }
        }
    }

    private Duration medianPing() throws IOException {
        List<Duration> times = new ArrayList<>();
        try (EngineConnection connection = setup.daemon().connect()) {
            for (int i = 0; i < PINGS; i++) {
                long start = System.nanoTime();
                assertThat(connection.get("/_ping").status()).isEqualTo(200);
                times.add(Duration.ofNanos(System.nanoTime() - start));
            }
        }
        Collections.sort(times);
        return times.get(PINGS / 2);
    }

    private EngineConnection attach(String name) throws IOException {
        EngineConnection connection = setup.daemon().connect();
        connection.send("POST", "/containers/" + name + "/attach?stream=1&stdout=1", null, UPGRADE);
        assertThat(connection.receiveHead().status()).isEqualTo(101);
        return connection;
    }

    /// The bytes of the objects that are reachable: what is garbage already does not count.
    private long usedHeap() throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String histogram = Command.run(
                        List.of(jcmd, Long.toString(setup.daemon().pid()), "GC.class_histogram"), Map.of())
                .out();
        Matcher total = TOTAL.matcher(histogram);
        assertThat(total.find()).as(histogram).isTrue();
        return Long.parseLong(total.group(1));
    }

    /// CVE-2020-15257 (containerd): whoever shares the host's network namespace reaches its abstract sockets.
    @Test
    void findNoAbstractSocket() throws IOException {
        background("sleep 1000", "--network", "host");
        Set<String> own = processes().flatMap(HostileClientsIT::sockets).collect(Collectors.toSet());
        assertThat(own).isNotEmpty();
        assertThat(Files.readAllLines(Path.of("/proc/net/unix")))
                .filteredOn(line -> own.contains(line.split("\\s+", -1)[6]))
                .allSatisfy(line -> assertThat(line).doesNotContain(" @"));
    }

    private Stream<ProcessHandle> processes() throws IOException {
        ProcessHandle daemon = ProcessHandle.of(setup.daemon().pid()).orElseThrow();
        return Stream.concat(Stream.of(daemon), daemon.descendants());
    }

    /// The inodes of a process's sockets.
    private static Stream<String> sockets(ProcessHandle process) {
        List<String> inodes = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (Path descriptor : descriptors.toList()) {
                Matcher socket =
                        SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
                if (socket.matches()) {
                    inodes.add(socket.group(1));
                }
            }
        } catch (IOException _) {
            // a process or a descriptor that is gone has no socket
        }
        return inodes.stream();
    }

    /// CVE-2024-25621 (containerd), CVE-2021-41091 (moby): other users of the host reach nothing of what containers
    /// have.
    @Test
    void readNothingOfTheDaemonsState() throws IOException {
        background(
                "echo secret > /secret; sleep 1000",
                "--tmpfs",
                "/run",
                "--mount",
                "type=volume,dst=/data",
                "-e",
                "PASSWORD=x");
        assertThat(Files.getPosixFilePermissions(setup.daemon().socket()))
                .doesNotContain(
                        PosixFilePermission.OTHERS_READ,
                        PosixFilePermission.OTHERS_WRITE,
                        PosixFilePermission.OTHERS_EXECUTE);
        for (String root : List.of("data", "exec")) {
            List<Path> open = new ArrayList<>();
            collectWhatOthersReach(setup.daemon().directory().resolve(root), open);
            assertThat(open).isEmpty();
        }
    }

    private static void collectWhatOthersReach(Path file, List<Path> open) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            open.add(file);
        }
        if (Files.isDirectory(file) && permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
            try (Stream<Path> children = Files.list(file)) {
                children.forEach(child -> {
                    try {
                        collectWhatOthersReach(child, open);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }
}
