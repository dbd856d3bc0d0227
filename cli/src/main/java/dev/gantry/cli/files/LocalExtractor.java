package dev.gantry.cli.files;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.tar.TarInput;
import dev.gantry.cli.tar.TarMember;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Unpacks what a daemon sends into a directory of the host. Files belong to whoever runs the command. A
/// container has decided on the names: none leads out of the directory, and none through a link that the
/// archive has brought.
final class LocalExtractor {
    private final Path directory;
    private final UnaryOperator<String> names;
    private final Map<Path, FileTime> times = new LinkedHashMap<>();
    private final byte[] buffer = new byte[128 << 10];

    /// @param names makes the names of members those that they get
    LocalExtractor(Path directory, UnaryOperator<String> names) {
        this.directory = directory;
        this.names = names;
    }

    void extract(TarInput archive) throws IOException {
        for (TarMember member = archive.next(); member != null; member = archive.next()) {
            Path path = place(names.apply(member.name()));
            if (!path.equals(directory)) {
                unpack(member, path, archive);
            }
        }
        for (Map.Entry<Path, FileTime> each : times.entrySet()) {
            Files.setLastModifiedTime(each.getKey(), each.getValue());
        }
    }

    private Path place(String name) throws CommandException {
        List<String> components = new ArrayList<>();
        for (String component : name.split("/", -1)) {
            if (component.equals("..")) {
                throw new CommandException("\"" + name + "\" is outside of \"" + directory + "\"");
            } else if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        return directory.resolve(String.join("/", components));
    }

    private void unpack(TarMember member, Path path, TarInput archive) throws IOException {
        makeParent(path);
        boolean wanted = member.type() == TarMember.Type.DIRECTORY;
        boolean merged = false;
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            boolean present = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
            if (present != wanted) {
                throw new CommandException(
                        present
                                ? "cannot overwrite directory \"%s\" with non-directory \"%s\""
                                        .formatted(path, directory)
                                : "cannot overwrite non-directory \"%s\" with directory \"%s\""
                                        .formatted(path, directory));
            }
            merged = present;
            if (!present) {
                Files.delete(path);
            }
        }
        make(member, path, archive, merged);
        if (member.type() != TarMember.Type.SYMLINK && member.type() != TarMember.Type.HARD_LINK) {
            Files.setAttribute(path, "unix:mode", member.mode());
        }
        // the JDK opens what it sets the time of, which a FIFO or a device must not be
        if (wanted || member.type() == TarMember.Type.FILE) {
            FileTime time = FileTime.from(member.modified());
            Files.setLastModifiedTime(path, time);
            if (wanted) {
                times.put(path, time);
            }
        }
    }

    private void makeParent(Path path) throws IOException {
        Path way = directory;
        Path relative = directory.relativize(Objects.requireNonNull(path.getParent()));
        for (Path component : relative) {
            way = way.resolve(component);
            if (relative.toString().isEmpty()) {
                return;
            }
            if (!Files.exists(way, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(way);
            } else if (!Files.isDirectory(way, LinkOption.NOFOLLOW_LINKS)) {
                throw new CommandException("the archive has a file below \"" + way + "\", which is no directory");
            }
        }
    }

    private void make(TarMember member, Path path, TarInput archive, boolean merged) throws IOException {
        switch (member.type()) {
            case DIRECTORY -> {
                if (!merged) {
                    Files.createDirectory(path);
                }
            }
            case FILE -> write(member, path, archive);
            case SYMLINK -> Files.createSymbolicLink(path, Path.of(member.link()));
            case HARD_LINK -> {
                Path first = place(names.apply(member.link()));
                makeParent(first);
                Files.createLink(path, first);
            }
            case FIFO -> mknod(path, Stream.of("p"));
            case CHARACTER_DEVICE, BLOCK_DEVICE ->
                mknod(
                        path,
                        Stream.of(
                                member.type() == TarMember.Type.BLOCK_DEVICE ? "b" : "c",
                                Integer.toString(member.device().major()),
                                Integer.toString(member.device().minor())));
        }
    }

    private void write(TarMember member, Path path, TarInput archive) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.position(archive.position());
            for (int count = archive.read(buffer); count >= 0; count = archive.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    int _ = file.write(bytes);
                }
                file.position(Math.max(file.position(), archive.position()));
            }
            if (file.size() < member.size()) {
                int _ = file.write(ByteBuffer.allocate(1), member.size() - 1); // the JDK cannot make a file longer
            }
        }
    }

    /// POSIX has the command everywhere; linking a native call would cost every command time.
    private static void mknod(Path path, Stream<String> what) throws IOException {
        List<String> words =
                Stream.concat(Stream.of("mknod", path.toString()), what).toList();
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String problem = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new CommandException(problem.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for mknod", e);
        }
    }
}
