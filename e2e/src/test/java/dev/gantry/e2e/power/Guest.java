package dev.gantry.e2e.power;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.LocalRegistry;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What runs in the machine: it mounts the disk, starts a daemon on it, looks whether everything is as it has to be
/// after a power cut, and then works until the next one.
final class Guest {
    private static final Path DISK = Path.of("/disk");

    private final DaemonUnderTest daemon;
    private final Requests requests;
    private final Events events;

    private Guest(DaemonUnderTest daemon, Events events) {
        this.daemon = daemon;
        this.requests = new Requests(daemon.socket());
        this.events = events;
    }

    /// Works until the power is cut, or all is done.
    ///
    /// @param words the events' file, the registry's directory, a seed, and how many steps each worker does
    public static void main(String... words) throws Exception {
        Events events = new Events(Path.of(words[0]));
        try (LocalRegistry _ = LocalRegistry.start(Work.PORT, Path.of(words[1]))) {
            mount();
            Instant begin = Instant.now();
            try (DaemonUnderTest daemon =
                    DaemonUnderTest.start(DaemonKind.GANTRY, "--data-root", DISK + "/data", "--log-level", "warn")) {
                events.tell(
                        Events.UP,
                        Long.toString(Duration.between(begin, Instant.now()).toMillis()));
                new Guest(daemon, events).run(Long.parseLong(words[2]), Integer.parseInt(words[3]));
            }
            command("umount", DISK.toString());
        } catch (Exception | AssertionError e) {
            events.tell(Events.PROBLEM, e.toString());
            throw e;
        }
        events.tell(Events.COMPLETE);
        System.exit(0);
    }

    /// Without what ext4 does for programs that do not sync: a file that replaces another one is not written at once,
    /// data is not written before what refers to it, and nothing is written because time has passed.
    private static void mount() throws IOException {
        Files.createDirectories(DISK);
        command("mount", "-t", "ext4", "-o", "noauto_da_alloc,data=writeback,commit=300", "/dev/vda", DISK.toString());
        for (String setting : List.of("dirty_expire_centisecs", "dirty_writeback_centisecs")) {
            Files.writeString(Path.of("/proc/sys/vm", setting), "30000");
        }
    }

    private static void command(String... words) throws IOException {
        Result result = Command.run(List.of(words), Map.of());
        if (result.exit() != 0) {
            throw new IOException(result.toString());
        }
    }

    private void run(long seed, int steps) throws IOException, InterruptedException {
        check();
        Map<String, String> names = names();
        names.forEach((name, id) -> events.tell(Events.IMAGE, name, id));
        events.tell(Events.CHECKED);
        daemon.removeContainers();
        List<Thread> workers = new ArrayList<>();
        for (String host : Work.HOSTS) {
            Work work = new Work(requests, events, host, new Random(seed + host.hashCode()), names);
            workers.add(Thread.ofPlatform().start(() -> work.run(steps)));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        empty();
    }

    /// The store opens, every image verifies, nothing partial is there, and nobody's space is taken.
    private void check() throws IOException {
        JsonNode report = requests.json("POST", "/gantry/system/check?deep=1");
        for (JsonNode finding : report.at("/Findings")) {
            events.tell(Events.PROBLEM, "system check: " + finding);
        }
        StoreAudit.of(DISK.resolve("data/images")).forEach(each -> events.tell(Events.PROBLEM, each));
        if (daemon.logTail().contains("is left out")) {
            events.tell(Events.PROBLEM, daemon.logTail());
        }
    }

    private Map<String, String> names() throws IOException {
        Map<String, String> names = new TreeMap<>();
        for (JsonNode image : requests.json("GET", "/images/json")) {
            for (JsonNode tag : image.at("/RepoTags")) {
                names.put(tag.asString(), image.at("/Id").asString());
            }
        }
        names.remove("<none>:<none>");
        return names;
    }

    /// Without images nothing may be left.
    private void empty() throws IOException {
        for (String name : names().keySet()) {
            requests.ask("DELETE", "/images/" + name);
        }
        requests.ask("POST", "/images/prune");
        check();
        StoreAudit.content(DISK.resolve("data/images")).forEach(each -> events.tell(Events.PROBLEM, "left: " + each));
    }
}
