package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.idmap.IdMaps;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.Syscall;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Opens the place of a mount, and makes it component by component if it is missing.
///
/// Each component is made in a directory that is held by descriptor, and looked up again from the root, so that a
/// symbolic link that is there or appears leads to a place inside the root, never outside.
final class Target {
    private static final int PATH_MAX = 4096;

    private final Emitter e;
    private final Operand root;
    private final IdMaps maps;

    Target(Emitter e, Operand root) {
        this(e, root, IdMaps.NONE);
    }

    /// @param maps of the user namespace whose root is to own what is made; none if that is the program's own
    Target(Emitter e, Operand root, IdMaps maps) {
        this.e = e;
        this.root = root;
        this.maps = maps;
    }

    /// What a mount covers.
    enum Kind {
        DIRECTORY,
        /// A directory whose path contains no symbolic link: where the kernel's own file systems go.
        PLAIN_DIRECTORY,
        FILE
    }

    /// Opens `path` as a mount point.
    ///
    /// @param existed where the program goes on if it was there; null goes on in line
    Slot open(String path, Kind kind, @Nullable Label existed) {
        Slot target = e.b.slot("target");
        if (path.length() >= PATH_MAX) {
            // the kernel refuses it (ENAMETOOLONG); code for each of its components would not fit into a program
            look(target, OnError.FAIL, path, kind);
            return target;
        }
        Label found = existed == null ? e.label("found") : existed;
        Label missing = e.label("missing");
        look(target, OnError.FAIL.jump(ErrorNumber.ENOENT, missing), path, kind);
        e.b.jump(found);
        e.b.place(missing);
        Optional<String> links = kind == Kind.PLAIN_DIRECTORY ? Optional.empty() : e.links.follow(path);
        if (links.isPresent()) {
            makeThroughLinks(target, path, links.get(), kind);
        } else {
            make(target, path, kind, OnError.FAIL);
        }
        if (existed == null) {
            e.b.place(found);
        }
        return target;
    }

    /// Makes a directory and what is missing above it.
    void makeDirectory(String path) {
        open(path, Kind.DIRECTORY, null);
    }

    private void look(Slot result, OnError onError, String path, Kind kind) {
        switch (kind) {
            // the trailing dot demands a directory, as O_DIRECTORY, whose number differs between architectures
            case DIRECTORY -> e.open(result, onError, root, path + "/.", Uapi.O_PATH);
            case PLAIN_DIRECTORY -> e.openWithoutLinks(result, onError, root, path + "/.", Uapi.O_PATH);
            case FILE -> e.open(result, onError, root, path, Uapi.O_PATH);
        }
    }

    /// Makes what a link leads to that has nothing behind it, as runc does: images of distributions with systemd have
    /// such an `/etc/resolv.conf`.
    ///
    /// @param led the path that `path` was found to stand for; the mount goes where `path` leads now
    private void makeThroughLinks(Slot target, String path, String led, Kind kind) {
        Label dangling = e.label("dangling");
        Label made = e.label("made");
        make(target, path, kind, OnError.FAIL.jump(ErrorNumber.ENOENT, dangling));
        e.b.jump(made);
        e.b.place(dangling);
        make(target, led, kind, OnError.FAIL);
        look(target, OnError.FAIL, path, kind);
        e.b.place(made);
    }

    /// @param otherwise what follows if a component is a link that has nothing behind it
    private void make(Slot target, String path, Kind kind, OnError otherwise) {
        List<String> components = List.of(Emitter.relative(path).split("/+"));
        Operand parent = root;
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < components.size(); i++) {
            prefix.append('/').append(components.get(i));
            boolean last = i == components.size() - 1;
            Slot here = last ? target : e.b.slot("directory");
            if (last && kind == Kind.FILE) {
                // without O_EXCL: a dangling link is followed, inside the root, and its target made
                long flags = Uapi.O_RDONLY | Uapi.O_CREAT | Uapi.O_NOCTTY | Uapi.O_NONBLOCK;
                e.open(here, otherwise, root, prefix.toString(), flags);
            } else {
                makeDirectory(here, parent, prefix.toString(), kind, otherwise);
            }
            parent = here;
        }
    }

    private void makeDirectory(Slot result, Operand parent, String path, Kind kind, OnError otherwise) {
        Label absent = e.label("absent");
        Label present = e.label("present");
        Kind directory = kind == Kind.FILE ? Kind.DIRECTORY : kind;
        look(result, OnError.FAIL.jump(ErrorNumber.ENOENT, absent), path, directory);
        e.b.jump(present);
        e.b.place(absent);
        String name = path.substring(path.lastIndexOf('/') + 1);
        e.b.call(OnError.FAIL.ignore(ErrorNumber.EEXIST), Syscall.MKDIRAT, parent, e.text(name), value(0755));
        look(result, otherwise, path, directory);
        giveToRoot(result);
        e.b.place(present);
    }

    private void giveToRoot(Operand directory) {
        OptionalLong uid = maps.hostUid(0);
        OptionalLong gid = maps.hostGid(0);
        if (uid.isPresent() && gid.isPresent()) {
            e.b.call(
                    Syscall.FCHOWNAT,
                    directory,
                    e.text(""),
                    value(uid.getAsLong()),
                    value(gid.getAsLong()),
                    value(Uapi.AT_EMPTY_PATH));
        }
    }
}
