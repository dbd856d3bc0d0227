package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;
import static dev.gantry.runtime.launch.compile.Emitter.value;

import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.StructType;
import dev.gantry.runtime.program.Syscall;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Replaces the host's tree by the container's root, before anything in it is looked up.
final class RootSteps {
    private final Emitter e;
    private final Operand root;

    RootSteps(Emitter e, Operand root) {
        this.e = e;
        this.root = root;
    }

    /// Attaches the detached root, enters it, and drops the host's tree.
    void enter() {
        e.step("cut the mounts off from the host's", "linux.rootfsPropagation");
        // pivot_root(2) refuses shared parents, and nothing that is mounted here may show on the host
        e.b.call(
                Syscall.MOUNT_SETATTR,
                value(Uapi.AT_FDCWD),
                e.text("/"),
                value(Uapi.AT_RECURSIVE),
                e.b.struct(StructType.MOUNT_ATTR, ZERO, ZERO, value(MountOptions.MS_SLAVE), ZERO),
                value(Uapi.MOUNT_ATTR_SIZE));
        e.step("mount the root file system", "root");
        e.b.call(
                Syscall.MOVE_MOUNT,
                root,
                e.text(""),
                value(Uapi.AT_FDCWD),
                e.text("/"),
                value(Uapi.MOVE_MOUNT_F_EMPTY_PATH));
        e.b.call(Syscall.FCHDIR, root);
        e.step("make it the root", "root");
        // the old root lands on top of the new one, and "." finds it there: pivot_root(2), "pivot_root(".", ".")"
        e.b.call(Syscall.PIVOT_ROOT, e.text("."), e.text("."));
        e.b.call(Syscall.UMOUNT2, e.text("."), value(Uapi.MNT_DETACH));
    }

    /// Sets the propagation of the root, when everything is mounted: what is moved below a shared mount becomes shared
    /// itself, whatever was wished for it.
    ///
    /// @param propagation null is `rslave`, as runc has it
    void propagate(@Nullable String propagation) throws RefusedException {
        OptionalLong wanted = propagation == null || propagation.isEmpty()
                ? OptionalLong.of(MountOptions.MS_SLAVE)
                : MountOptions.propagationOf(propagation);
        if (wanted.isEmpty()) {
            throw new RefusedException(
                    "linux.rootfsPropagation", "root file system propagation \"" + propagation + "\" is unknown");
        }
        if (wanted.getAsLong() != MountOptions.MS_SLAVE) {
            e.step("set the propagation of the root", "linux.rootfsPropagation");
            e.setAttributes(root, false, 0, 0, wanted.getAsLong());
        }
    }

    /// Makes the root read-only; what is mounted in it stays as it is.
    void makeReadOnly() {
        e.step("make the root read-only", "root.readonly");
        e.setAttributes(root, false, MountOptions.RDONLY, 0, 0);
    }
}
