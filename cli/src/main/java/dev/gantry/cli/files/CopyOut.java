package dev.gantry.cli.files;

import dev.gantry.cli.command.Session;
import dev.gantry.cli.engine.ApiException;
import dev.gantry.cli.engine.Exchange;
import dev.gantry.cli.engine.Query;
import dev.gantry.cli.files.CopyCommand.Job;
import dev.gantry.cli.tar.TarInput;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/// Copies out of a container.
final class CopyOut {
    private CopyOut() {}

    static void run(Session session, Job job) throws IOException {
        boolean standard = job.destination().equals("-");
        String destination = standard ? "-" : LocalFiles.absolute(job.destination());
        if (!standard) {
            LocalFiles.requireOutput(destination);
        }
        String source = job.follow() ? followed(session, job) : job.source();
        String name = PathEnd.base(job.source());
        Query query = new Query().with("path", source);
        try (Exchange exchange = session.engine().stream(CopyCommand.archive(job.container()), query)) {
            if (standard) {
                exchange.input().transferTo(session.output());
                session.output().flush();
                return;
            }
            boolean directory = PathStat.of(exchange.response()).isDirectory();
            CopyTarget target = CopyTarget.of(directory, LocalFiles.destination(destination));
            String root = PathEnd.base(source);
            String other = target.name() == null ? name : target.name();
            CopyProgress progress = CopyProgress.begin(session, "Copying from container - ", job.quiet());
            try (InputStream content = new Counted(exchange.input(), progress)) {
                new LocalExtractor(Path.of(target.directory()), each -> CopyTarget.renamed(each, root, other))
                        .extract(new TarInput(content));
                content.transferTo(OutputStream.nullOutputStream());
            } finally {
                progress.end();
            }
            progress.succeeded(destination);
        }
    }

    /// What a link as source leads to, with the end of the path that was asked for.
    private static String followed(Session session, Job job) throws IOException {
        try {
            PathStat stat = PathStat.ask(session, job.container(), job.source());
            if (!stat.isSymlink()) {
                return job.source();
            }
            return PathEnd.withEndOf(job.source(), PathEnd.beside(job.source(), stat.linkTarget()));
        } catch (ApiException _) {
            return job.source(); // the copy itself will say what is wrong
        }
    }

    private static final class Counted extends FilterInputStream {
        private final CopyProgress progress;

        Counted(InputStream in, CopyProgress progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            progress.add(Math.max(0, count));
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = super.skip(count);
            progress.add((int) skipped);
            return skipped;
        }
    }
}
