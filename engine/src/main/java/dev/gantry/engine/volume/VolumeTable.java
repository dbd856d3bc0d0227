package dev.gantry.engine.volume;

import dev.gantry.engine.EngineException.Conflict;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.event.EventLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Which volumes there are, and which containers use each. Safe for use by many threads.
///
/// Slow work on files happens without the lock, in directories that are no volumes yet, or none any more.
final class VolumeTable {
    private static final String TYPE = "volume";
    private static final String DRIVER = "driver";

    private static final System.Logger LOGGER = System.getLogger(VolumeTable.class.getName());

    private final VolumeFiles files;
    private final LateContent late;
    private final EventLog events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, VolumeRecord> volumes = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> users = new ConcurrentHashMap<>();

    VolumeTable(VolumeFiles files, EventLog events) throws IOException {
        this.files = files;
        this.events = events;
        this.late = new LateContent(files);
        files.read().forEach(each -> {
            volumes.put(each.name(), each);
            settle(each);
        });
    }

    private void settle(VolumeRecord volume) {
        try {
            late.settle(volume.name(), source(volume));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "volume " + volume.name() + " has not all that it is filled with yet", e);
        }
    }

    VolumeFiles files() {
        return files;
    }

    Optional<VolumeRecord> find(String name) {
        return Optional.ofNullable(volumes.get(name));
    }

    /// @throws NotFound with Docker's text
    VolumeRecord get(String name) {
        return find(name).orElseThrow(() -> new NotFound("get " + name + ": no such volume"));
    }

    /// By name.
    List<VolumeRecord> list() {
        return List.copyOf(new TreeMap<>(volumes).values());
    }

    /// The containers that use a volume, by ID.
    Set<String> users(String name) {
        return users.getOrDefault(name, Set.of());
    }

    /// From now on nobody else removes the volume, which need not be there yet.
    void use(String name, String container) {
        users.merge(name, Set.of(container), (before, added) -> {
            Set<String> all = new TreeSet<>(before);
            all.addAll(added);
            return Set.copyOf(all);
        });
    }

    void release(String name, String container) {
        users.computeIfPresent(name, (_, before) -> {
            Set<String> left = new TreeSet<>(before);
            left.remove(container);
            return left.isEmpty() ? null : Set.copyOf(left);
        });
    }

    /// Makes a volume, unless there is one of that name already.
    ///
    /// @throws Failed where its directory is there, and what is recorded of it cannot be read
    void make(VolumeRecord wanted, VolumeFiles.Filling filling) throws IOException {
        requireReadable(wanted.name());
        String unfinished = files.make(wanted, filling);
        boolean placed = false;
        lock.lock();
        try {
            if (!volumes.containsKey(wanted.name())) {
                files.place(unfinished, wanted.name());
                volumes.put(wanted.name(), wanted);
                placed = true;
            }
        } finally {
            lock.unlock();
            if (!placed) {
                files.discard(unfinished);
            }
        }
        if (placed) {
            publish("create", wanted.name(), Map.of());
        }
    }

    private void requireReadable(String name) throws IOException {
        lock.lock();
        try {
            Path directory = files.directory(name);
            if (!volumes.containsKey(name) && Files.exists(directory) && !VolumeFiles.isEmpty(directory)) {
                throw new Failed("volume " + name + " is in " + directory
                        + ", and its record could not be read: mend it with gantry system check --repair");
            }
        } finally {
            lock.unlock();
        }
    }

    /// Makes what is missing of a volume. One that the engine could not read is there afterwards.
    ///
    /// @param guess what to record of it if nothing else says it
    /// @throws IOException also if it is gone
    void restore(String name, VolumeRecord guess) throws IOException {
        lock.lock();
        try {
            VolumeRecord known = volumes.get(name);
            if (known == null && !Files.isDirectory(files.directory(name))) {
                throw new IOException("volume " + name + " is not there any more");
            }
            VolumeRecord record = known == null ? readOr(guess) : known;
            files.restore(record);
            volumes.put(name, record);
            settle(record);
        } finally {
            lock.unlock();
        }
    }

    private VolumeRecord readOr(VolumeRecord guess) {
        try {
            return files.read(guess.name());
        } catch (IOException _) {
            // that is what is to be mended
            return guess;
        }
    }

    /// Gives a volume that has no content some; one that others use meanwhile keeps its directory.
    void fill(VolumeRecord volume, String container, VolumeFiles.Filling filling) throws IOException {
        String name = volume.name();
        Path source = source(volume);
        if (late.isPending(name)) {
            lock.lock();
            try {
                late.settle(name, source);
            } finally {
                lock.unlock();
            }
        }
        if (!VolumeFiles.isEmpty(source)) {
            return;
        }
        String staged = files.stage(name, filling);
        lock.lock();
        try {
            boolean alone = users(name).equals(Set.of(container));
            if (VolumeFiles.isEmpty(source)) {
                if (alone && source.equals(files.data(name))) {
                    files.exchange(staged, name, VolumeFiles.DATA);
                } else if (VolumeFiles.isEmpty(files.directory(staged))) {
                    files.fill(source, filling); // the image may have an owner and a mode
                } else {
                    late.bring(staged, name, source);
                }
            }
        } finally {
            lock.unlock();
            files.discard(staged); // unless it is in its place
        }
    }

    /// Removes a volume that no container uses.
    ///
    /// @throws Conflict with Docker's text
    void remove(String name) throws IOException {
        String rubbish;
        lock.lock();
        try {
            VolumeRecord volume = get(name);
            if (!users(name).isEmpty()) {
                throw new Conflict("remove " + name + ": volume is in use - ["
                        + String.join(", ", new TreeSet<>(users(name))) + "]");
            }
            rubbish = files.remove(volume.name());
            volumes.remove(name);
        } finally {
            lock.unlock();
        }
        publish("destroy", name, Map.of());
        files.discard(rubbish);
    }

    /// Where the volume's content lies.
    Path source(VolumeRecord volume) {
        Map<String, String> options = volume.options();
        return DriverOptions.directory(options == null ? Map.of() : options).orElse(files.data(volume.name()));
    }

    void publish(String action, String name, Map<String, String> particulars) {
        var attributes = new LinkedHashMap<>(particulars);
        attributes.put(DRIVER, "local");
        events.publish(TYPE, action, name, attributes);
    }

    void publishPrune(long reclaimed) {
        events.publish(TYPE, "prune", "", Map.of("reclaimed", Long.toString(reclaimed)));
    }
}
