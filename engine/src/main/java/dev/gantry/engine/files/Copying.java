package dev.gantry.engine.files;

import dev.gantry.engine.EngineException;
import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.engine.FileAccess.Archive;
import dev.gantry.engine.config.ContainerConfig;
import dev.gantry.engine.container.Container;
import dev.gantry.engine.files.Views.View;
import dev.gantry.engine.request.ExtractRequest;
import dev.gantry.engine.spec.Identity;
import dev.gantry.engine.time.Timestamps;
import dev.gantry.engine.user.UserLookup;
import dev.gantry.engine.view.PathStat;
import dev.gantry.kernel.Errno;
import dev.gantry.kernel.FileType;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.SafeDirectory;
import dev.gantry.oci.MalformedException;
import dev.gantry.store.files.Node;
import dev.gantry.store.files.TreeArchive;
import dev.gantry.store.files.TreeExtractor;
import dev.gantry.store.files.TypeConflictException;
import dev.gantry.store.space.FullDisk;
import dev.gantry.store.tar.Compression;
import dev.gantry.store.tar.TarEntry.Ownership;
import dev.gantry.store.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Copies files into and out of containers.
final class Copying {
    /// What a path or an archive runs into, through no fault of the host's.
    private static final Set<Errno> ASKED_FOR =
            Set.of(Errno.ENOTDIR, Errno.ELOOP, Errno.EROFS, Errno.EBUSY, Errno.EXDEV, Errno.ENAMETOOLONG, Errno.EINVAL);

    private final Views views;

    Copying(Views views) {
        this.views = views;
    }

    PathStat stat(Container container, String ref, String path) {
        try (View view = views.withMounts(container)) {
            ContainerPath asked = ContainerPath.of(path);
            try (Node file = view.tree().resolve(asked.text(), false)) {
                return stat(view, asked, file);
            }
        } catch (IOException e) {
            throw translated(e, ref, path);
        }
    }

    private static PathStat stat(View view, ContainerPath asked, Node file) throws IOException {
        boolean link = file.status().type() == FileType.SYMLINK;
        return PathStat.of(
                asked.base(),
                file.status(),
                Timestamps.nano(file.status().modified()),
                link ? view.tree().canonical(asked.text()) : null);
    }

    Archive read(Container container, String ref, String path) {
        View view = opened(container, ref, path);
        ContainerPath asked = ContainerPath.of(path);
        String name = asked.base().equals("/") ? "" : asked.base();
        return archive(view, asked, ref, (archive, file) -> archive.add(file, name));
    }

    /// Everything but what is mounted there.
    Archive export(Container container, String ref) {
        try {
            return archive(
                    views.bare(container), ContainerPath.of("/"), ref, (archive, root) -> archive.addContent(root, ""));
        } catch (IOException e) {
            throw translated(e, ref, "/");
        }
    }

    private static Archive archive(View view, ContainerPath asked, String ref, OpenArchive.Content content) {
        Node file = null;
        boolean read = false;
        try {
            file = view.tree().resolve(asked.text(), false);
            PathStat stat = stat(view, asked, file);
            read = true;
            return new OpenArchive(view, file, stat, content);
        } catch (IOException e) {
            throw translated(e, ref, asked.text());
        } finally {
            if (!read) {
                close(view, file);
            }
        }
    }

    private static void close(View view, @Nullable Node file) {
        if (file != null) {
            file.close();
        }
        view.close();
    }

    private View opened(Container container, String ref, String path) {
        try {
            return views.withMounts(container);
        } catch (IOException e) {
            throw translated(e, ref, path);
        }
    }

    void extract(Container container, String ref, ExtractRequest request) {
        try (View view = views.withMounts(container)) {
            extract(container, view, request);
        } catch (TypeConflictException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        } catch (MalformedException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw translated(e, ref, request.path());
        }
    }

    private static void extract(Container container, View view, ExtractRequest request) throws IOException {
        String destination;
        boolean mounted;
        try (Node directory =
                view.tree().resolve(ContainerPath.of(request.path()).text(), true)) {
            if (!directory.isDirectory()) {
                throw new Invalid("extraction point is not a directory");
            }
            boolean readOnly = container.definition().host().storage().readonlyRootfs();
            mounted = directory.isMounted();
            if (readOnly && !mounted) {
                throw new Invalid("container rootfs is marked read-only");
            }
            destination = directory.path();
        }
        ContainerConfig config = container.definition().config();
        Ownership owner = request.toUser() && !config.user().isEmpty() ? user(view, config.user()) : null;
        var rules = new TreeExtractor.Rules(
                request.keepTypes(), owner, view.owners().toHost());
        var plain = Compression.plain(request.archive());
        try {
            var extractor = new TreeExtractor(view.tree(), destination, rules);
            var archive = new TarReader(new BufferedInputStream(plain));
            view.owners().<Boolean, IOException>make(() -> {
                extractor.extract(archive);
                return true;
            });
            plain.transferTo(OutputStream.nullOutputStream()); // what is behind the archive's end
        } catch (KernelException e) {
            if (e.errno().equals(Errno.EROFS)) {
                throw new Invalid("mounted volume is marked read-only", e);
            }
            throw mounted ? e : FullDisk.explained(e, container.files().upper());
        }
    }

    private static Ownership user(View view, String user) throws IOException {
        try (Node root = view.tree().root();
                SafeDirectory directory = root.directory()) {
            Identity identity = UserLookup.resolve(directory, user, List.of());
            return new Ownership(identity.uid(), identity.gid());
        }
    }

    private static EngineException translated(IOException failure, String ref, String path) {
        if (!(failure instanceof KernelException kernel)) {
            return new Failed(String.valueOf(failure.getMessage()), failure);
        } else if (kernel.errno().equals(Errno.ENOENT)) {
            return new NotFound("Could not find the file " + path + " in container " + ref, failure);
        }
        return ASKED_FOR.contains(kernel.errno())
                ? new Invalid(path + ": " + kernel.getMessage(), failure)
                : new Failed(String.valueOf(failure.getMessage()), failure);
    }

    /// An archive of what is open already.
    static final class OpenArchive implements Archive {
        private final View view;
        private final Node file;
        private final PathStat stat;
        private final Content content;

        /// Adds what is asked for.
        interface Content {
            void addTo(TreeArchive archive, Node file) throws IOException;
        }

        OpenArchive(View view, Node file, PathStat stat, Content content) {
            this.view = view;
            this.file = file;
            this.stat = stat;
            this.content = content;
        }

        @Override
        public PathStat stat() {
            return stat;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            try {
                TreeArchive archive = new TreeArchive(out, view.owners().toContainer());
                content.addTo(archive, file);
                archive.finish();
            } catch (KernelException e) {
                throw new Failed(String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        public void close() {
            file.close();
            view.close();
        }
    }
}
