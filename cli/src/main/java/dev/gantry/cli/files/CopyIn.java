package dev.gantry.cli.files;

import dev.gantry.cli.command.CommandException;
import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.files.CopyCommand.Job;
import dev.gantry.cli.http.HttpRequest;
import dev.gantry.cli.tar.TarOutput;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Copies into a container.
final class CopyIn {
    private static final String TAR = "application/x-tar";

    private CopyIn() {}

    static void run(Session session, Job job) throws IOException {
        CopyTarget.Place place = place(session, job);
        if (job.source().equals("-")) {
            if (!place.isDirectory()) {
                throw new CommandException(
                        "destination \"%s:%s\" must be a directory".formatted(job.container(), job.destination()));
            }
            send(session, job, place.path(), session.input()::transferTo);
            return;
        }
        Source source = Source.of(LocalFiles.absolute(job.source()), job.follow());
        CopyTarget target = CopyTarget.of(LocalFiles.isDirectory(LocalFiles.attributes(source.file())), place);
        String name = target.name() == null ? source.name() : target.name();
        CopyProgress progress = CopyProgress.begin(session, "Copying to container - ", job.quiet());
        try {
            send(session, job, target.directory(), out -> {
                TarOutput tar = new TarOutput(new Counted(out, progress));
                new LocalArchive(tar).add(source.file(), name);
                tar.finish();
            });
        } finally {
            progress.end();
        }
        progress.succeeded(job.container() + ":" + place.path());
    }

    private static void send(Session session, Job job, String directory, HttpRequest.Body.Producer content)
            throws IOException {
        Query query = new Query().with("path", directory).with("noOverwriteDirNonDir", "true");
        if (job.owners()) {
            query.with("copyUIDGID", "true");
        }
        session.engine().put(CopyCommand.archive(job.container()), query, content, TAR);
    }

    private static CopyTarget.Place place(Session session, Job job) throws IOException {
        String path = job.destination();
        PathStat stat = find(session, job, path);
        if (stat != null && stat.isSymlink()) {
            path = PathEnd.beside(path, stat.linkTarget());
            stat = find(session, job, path);
        }
        if (stat != null && stat.isDevice()) {
            throw new CommandException("destination \"%s:%s\" must be a directory or a regular file: got a device"
                    .formatted(job.container(), job.destination()));
        }
        return new CopyTarget.Place(path, stat != null, stat != null && stat.isDirectory());
    }

    /// Empty where the daemon finds nothing: the copy itself will say what is wrong.
    private static @Nullable PathStat find(Session session, Job job, String path) throws IOException {
        try {
            return PathStat.ask(session, job.container(), path);
        } catch (ApiException _) {
            return null;
        }
    }

    /// A file of the host.
    ///
    /// @param name of the archive's first member
    private record Source(Path file, String name) {
        static Source of(String path, boolean follow) throws IOException {
            Path file = Path.of(path);
            boolean whole = follow || PathEnd.isDirectory(path);
            try {
                Path resolved = whole ? file.toRealPath() : file;
                return new Source(resolved, PathEnd.base(path));
            } catch (NoSuchFileException e) {
                Path missing = Files.isSymbolicLink(file)
                        ? Path.of(PathEnd.beside(
                                file.toString(), Files.readSymbolicLink(file).toString()))
                        : file;
                throw new CommandException("lstat " + missing + ": no such file or directory");
            }
        }
    }

    private static final class Counted extends FilterOutputStream {
        private final CopyProgress progress;

        Counted(OutputStream out, CopyProgress progress) {
            super(out);
            this.progress = progress;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            progress.add(length);
        }
    }
}
