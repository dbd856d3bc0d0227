package dev.gantry.engine.log;

import dev.gantry.engine.StreamType;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// The journals of one run of a process: what it has written, from the moment it leaves the pipe until it is in the
/// log. They outlive the daemon, not a reboot.
///
/// ```text
///  <directory>/stdout.<run>    <directory>/stderr.<run>    made when there is output
/// ```
final class OutputJournals {
    private static final System.Logger LOGGER = System.getLogger(OutputJournals.class.getName());

    private final Path directory;
    private final String run;
    private final OutputJournal stdout;
    private final OutputJournal stderr;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean made;

    private OutputJournals(Path directory, String run, boolean made) {
        this.directory = directory;
        this.run = run;
        this.made = made;
        this.stdout = new OutputJournal(file(StreamType.STDOUT), this::make);
        this.stderr = new OutputJournal(file(StreamType.STDERR), this::make);
    }

    private Path file(StreamType stream) {
        return directory.resolve(stream.label() + "." + run);
    }

    /// Those of a new run. Nothing is made yet.
    static OutputJournals fresh(Path directory) {
        return new OutputJournals(directory, newRun(), false);
    }

    private static String newRun() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    /// Those of a run that an earlier daemon began; if it wrote nothing, they are as fresh ones.
    static OutputJournals existing(Path directory) throws IOException {
        List<String> names = names(directory);
        if (names.isEmpty()) {
            return new OutputJournals(directory, newRun(), Files.isDirectory(directory));
        }
        String name = names.getFirst();
        var journals = new OutputJournals(directory, name.substring(name.indexOf('.') + 1), true);
        for (StreamType stream : StreamType.values()) {
            if (names.contains(journals.file(stream).getFileName().toString())) {
                journals.of(stream).reopen();
            }
        }
        return journals;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(name -> name.startsWith("stdout.") || name.startsWith("stderr."))
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    String run() {
        return run;
    }

    OutputJournal of(StreamType stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }

    /// Goes on behind what is in the log.
    ///
    /// @return how far that is
    JournalMark recorded(TornEnd.Found last) throws IOException {
        JournalMark said = last.mark();
        boolean older = said == null || !said.run().equals(run);
        JournalMark known = said == null || older ? new JournalMark(run, 0, 0) : said;
        if (older || !last.current()) {
            stdout.recordedAtLeast(known.stdout());
            stderr.recordedAtLeast(known.stderr());
        } else {
            stdout.recorded(known.stdout());
            stderr.recorded(known.stderr());
        }
        return new JournalMark(run, stdout.recorded(), stderr.recorded());
    }

    /// Whether there are any.
    boolean isMade() {
        lock.lock();
        try {
            return made;
        } finally {
            lock.unlock();
        }
    }

    private void make() throws IOException {
        lock.lock();
        try {
            if (!made) {
                makeDirectory();
                made = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void makeDirectory() throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        try {
            Files.createDirectory(directory, mode);
        } catch (FileAlreadyExistsException _) {
            // of a run whose end nobody saw
            clear();
        } catch (NoSuchFileException _) {
            Files.createDirectories(directory, mode);
        }
    }

    private void clear() throws IOException {
        for (String name : names(directory)) {
            Files.deleteIfExists(directory.resolve(name));
        }
    }

    /// Removes them: all is in the log.
    void delete() {
        lock.lock();
        try {
            stdout.close();
            stderr.close();
            if (made) {
                clear();
                Files.deleteIfExists(directory);
                made = false;
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "removing the output journals " + directory, e);
        } finally {
            lock.unlock();
        }
    }
}
