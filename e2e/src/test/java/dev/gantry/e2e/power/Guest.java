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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What runs in the machine: it mounts the disk, starts a daemon on it, looks whether everything is as it has to be
/// after a power cut, and then works until the next one.
final class Guest {
    private static final Path DISK = Path.of("/disk");
    private static final Path CONTAINERS = DISK.resolve("data/containers");

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
        names.forEach((name, id) -> events.tell(Events.FOUND, name, id));
        Map<String, String> containers = ContainerWork.find(requests);
        containers.forEach((name, state) -> events.tell(Events.FOUND, name, state));
        events.tell(Events.CHECKED);
        removeThoseOfCommits();
        List<Thread> workers = new ArrayList<>();
        var containerWork = new ContainerWork(requests, events, new Random(seed), containers);
        workers.add(Thread.ofPlatform().start(() -> containerWork.run(steps)));
        for (String host : Work.HOSTS) {
            Work work = new Work(requests, events, host, new Random(seed + host.hashCode()), names);
            workers.add(Thread.ofPlatform().start(() -> work.run(steps)));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        empty();
    }

    /// What commits have been made of, when the power was cut in between.
    private void removeThoseOfCommits() throws IOException {
        for (JsonNode each : requests.json("GET", "/containers/json?all=1")) {
            if (each.at("/Labels").isEmpty()) {
                requests.ask("DELETE", "/containers/" + each.at("/Id").asString());
            }
        }
    }

    /// The store opens, every image verifies, nothing partial is there, and nobody's space is taken.
    private void check() throws IOException {
        JsonNode report = requests.json("POST", "/gantry/system/check?deep=1");
        for (JsonNode finding : report.at("/Findings")) {
            events.tell(Events.PROBLEM, "system check: " + finding);
        }
        StoreAudit.of(DISK.resolve("data/images")).forEach(each -> events.tell(Events.PROBLEM, each));
        auditContainers();
        if (daemon.logTail().contains("is left out")) {
            events.tell(Events.PROBLEM, daemon.logTail());
        }
    }

    /// Each container has its directory, with files that tell it names, and there is no other.
    private void auditContainers() throws IOException {
        Set<String> there = new TreeSet<>();
        for (JsonNode each : requests.json("GET", "/containers/json?all=1")) {
            String id = each.at("/Id").asString();
            there.add(id);
            Path directory = CONTAINERS.resolve(id);
            String hostname = Files.readString(directory.resolve("hostname"));
            String hosts = Files.readString(directory.resolve("hosts"));
            if (!hostname.equals(id.substring(0, 12) + "\n") || !hosts.startsWith("127.0.0.1\tlocalhost\n")) {
                events.tell(Events.PROBLEM, "files of container %s: <%s> <%s>".formatted(id, hostname, hosts));
            }
        }
        try (Stream<Path> directories = Files.list(CONTAINERS)) {
            Set<String> found =
                    directories.map(each -> each.getFileName().toString()).collect(Collectors.toSet());
            if (!found.equals(there)) {
                events.tell(Events.PROBLEM, "directories of containers: %s, containers: %s".formatted(found, there));
            }
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

    /// Without images, containers and volumes nothing may be left.
    private void empty() throws IOException {
        ContainerWork.empty(requests);
        for (String name : names().keySet()) {
            requests.ask("DELETE", "/images/" + name);
        }
        requests.ask("POST", "/images/prune");
        check();
        StoreAudit.content(DISK.resolve("data/images")).forEach(each -> events.tell(Events.PROBLEM, "left: " + each));
        try (Stream<Path> volumes = Files.list(DISK.resolve("data/volumes"))) {
            volumes.forEach(each -> events.tell(Events.PROBLEM, "left: " + each));
        }
    }
}
