package dev.gantry.runtime.launch.compile;

import dev.gantry.runtime.launch.Links;
import dev.gantry.runtime.program.Architecture;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.ProgramBuilder;
import dev.gantry.runtime.program.Slot;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.util.function.UnaryOperator;

/// What all steps need: the builder, where things come from, and paths below a root.
final class Emitter {
    static final Operand ZERO = Operand.of(0);
    /// Races with renames make openat2(2) give up with EAGAIN when `..` is in play.
    static final OnError RETRY = OnError.FAIL.retry(ErrorNumber.EAGAIN, 128);

    private static final long SAFE = Uapi.RESOLVE_IN_ROOT | Uapi.RESOLVE_NO_MAGICLINKS;

    final ProgramBuilder b;
    final DescriptorPlan descriptors;
    final Architecture architecture;
    /// Of the root whose paths are opened.
    final Links links;

    private final UnaryOperator<String> origins;

    Emitter(
            ProgramBuilder b,
            DescriptorPlan descriptors,
            Architecture architecture,
            Links links,
            UnaryOperator<String> origins) {
        this.b = b;
        this.descriptors = descriptors;
        this.architecture = architecture;
        this.links = links;
        this.origins = origins;
    }

    /// Opens a step of the process whose turn it is.
    ///
    /// @param item the item of the spec that asks for it
    void step(String words, String item) {
        b.step(b.role(), words, origins.apply(item));
    }

    Operand descriptor(String name) {
        return Operand.of(descriptors.number(name));
    }

    static Operand value(long value) {
        return Operand.of(value);
    }

    Operand.Address text(String value) {
        return b.string(value);
    }

    /// Opens a path below `root`, which no symbolic link leaves.
    void open(Slot result, OnError onError, Operand root, String path, long flags) {
        open(result, onError, root, path, flags, SAFE);
    }

    /// Opens a path below `root` that has no symbolic link in it.
    void openWithoutLinks(Slot result, OnError onError, Operand root, String path, long flags) {
        open(result, onError, root, path, flags, SAFE | Uapi.RESOLVE_NO_SYMLINKS);
    }

    void open(Slot result, OnError onError, Operand root, String path, long flags, long resolve) {
        b.call(
                result,
                onError.retry(ErrorNumber.EAGAIN, 128),
                Syscall.OPENAT2,
                root,
                text(relative(path)),
                how(flags, resolve),
                value(Uapi.OPEN_HOW_SIZE));
    }

    /// Opens a path of the host, before its tree is left.
    void openOfHost(Slot result, String path, long flags) {
        b.call(
                result,
                OnError.FAIL,
                Syscall.OPENAT2,
                value(Uapi.AT_FDCWD),
                text(path),
                how(flags, 0),
                value(Uapi.OPEN_HOW_SIZE));
    }

    private Operand how(long flags, long resolve) {
        long mode = (flags & Uapi.O_CREAT) == 0 ? 0 : 0755;
        return b.struct(StructType.OPEN_HOW, value(flags | Uapi.O_CLOEXEC), value(mode), value(resolve));
    }

    /// A path as openat2(2) takes it relative to the root's descriptor.
    static String relative(String path) {
        String stripped = path;
        while (stripped.startsWith("/")) {
            stripped = stripped.substring(1);
        }
        return stripped.isEmpty() ? "." : stripped;
    }

    /// Moves a detached mount onto an opened path.
    void attach(Operand mount, Operand target) {
        b.call(
                Syscall.MOVE_MOUNT,
                mount,
                text(""),
                target,
                text(""),
                value(Uapi.MOVE_MOUNT_F_EMPTY_PATH | Uapi.MOVE_MOUNT_T_EMPTY_PATH));
    }

    /// A detached clone of the mount at an opened path.
    void cloneMount(Slot result, Operand path, boolean recursive) {
        long flags = Uapi.OPEN_TREE_CLONE | Uapi.OPEN_TREE_CLOEXEC | Uapi.AT_EMPTY_PATH;
        b.call(result, Syscall.OPEN_TREE, path, text(""), value(recursive ? flags | Uapi.AT_RECURSIVE : flags));
    }

    /// Changes the attributes of a mount, or of a tree of them.
    void setAttributes(Operand mount, boolean recursive, long set, long clear, long propagation) {
        b.call(
                Syscall.MOUNT_SETATTR,
                mount,
                text(""),
                value(recursive ? Uapi.AT_EMPTY_PATH | Uapi.AT_RECURSIVE : Uapi.AT_EMPTY_PATH),
                b.struct(StructType.MOUNT_ATTR, value(set), value(clear), value(propagation), ZERO),
                value(Uapi.MOUNT_ATTR_SIZE));
    }

    /// Fails with the errno of a call on no descriptor (EBADF), after a check that the program made itself.
    void refuse() {
        b.call(Syscall.FCHDIR, value(-1));
    }

    /// Where `st_mode` and `st_rdev` are in the `struct stat` at an address; they differ between architectures.
    Slot mode(Operand.Address stat) {
        return stat.field(
                "st_mode",
                switch (architecture) {
                    case X86_64 -> 24;
                    case AARCH64 -> 16;
                },
                4);
    }

    Slot device(Operand.Address stat) {
        return stat.field(
                "st_rdev",
                switch (architecture) {
                    case X86_64 -> 40;
                    case AARCH64 -> 32;
                },
                8);
    }

    /// Room for a `struct stat`.
    Operand.Address stat() {
        return b.buffer("stat", 144);
    }

    Label label(String name) {
        return b.label(name);
    }

    /// `dev_t` as the kernel's mknodat(2) takes it: 12 bits of major, 20 of minor.
    static long device(long major, long minor) {
        return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xffL) << 12);
    }
}
