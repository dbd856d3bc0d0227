package dev.gantry.runtime.launch.compile;

import static dev.gantry.runtime.launch.compile.Emitter.ZERO;

import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.program.Condition;
import dev.gantry.runtime.program.ErrorNumber;
import dev.gantry.runtime.program.Label;
import dev.gantry.runtime.program.OnError;
import dev.gantry.runtime.program.Operand;
import dev.gantry.runtime.program.Slot;
import java.util.List;

/// Masked and read-only paths. A path that does not exist needs no protection and is passed over.
final class ProtectionSteps {
    private final Emitter e;
    private final Operand root;

    ProtectionSteps(Emitter e, Operand root) {
        this.e = e;
        this.root = root;
    }

    /// Makes trees read-only, each by a mount of its own.
    void readOnly(List<String> paths) {
        for (String path : paths) {
            e.step("make " + path + " read-only", "linux.readonlyPaths");
            Slot found = e.b.slot("path");
            Slot clone = e.b.slot("clone");
            Label absent = e.label("absent");
            e.open(found, absentGoesTo(absent), root, path, Uapi.O_PATH);
            e.cloneMount(clone, found, true);
            e.setAttributes(clone, false, MountOptions.RDONLY, 0, 0);
            e.attach(clone, found);
            e.b.place(absent);
        }
    }

    /// Hides files behind the runtime's own null device, and directories behind an empty file system.
    void mask(List<String> paths, MountSteps mounts, Operand nullDevice) {
        Slot empty = e.b.slot("empty");
        for (String path : paths) {
            e.step("mask " + path, "linux.maskedPaths");
            Slot found = e.b.slot("path");
            Slot clone = e.b.slot("clone");
            Label file = e.label("file");
            Label done = e.label("done");
            OnError onError = absentGoesTo(done).jump(ErrorNumber.ENOTDIR, file);
            e.open(found, onError, root, path + "/.", Uapi.O_PATH);
            maskDirectory(found, clone, empty, mounts);
            e.b.jump(done);
            e.b.place(file);
            // ENOTDIR is also what a file in the middle of the path gives
            e.open(found, absentGoesTo(done).jump(ErrorNumber.ENOTDIR, done), root, path, Uapi.O_PATH);
            e.cloneMount(clone, nullDevice, false);
            e.attach(clone, found);
            e.b.place(done);
        }
    }

    private void maskDirectory(Slot found, Slot clone, Slot empty, MountSteps mounts) {
        Label again = e.label("again");
        Label done = e.label("masked");
        e.b.jumpIf(empty, Condition.NOT_EQUAL, ZERO, again);
        // one empty file system serves all: the first is attached, the others are clones of it (kernel 6.1 clones no
        // detached mount)
        Slot made = mounts.create("tmpfs", "tmpfs", List.of("ro"), MountOptions.RDONLY);
        e.b.move(empty, made);
        e.attach(empty, found);
        e.b.jump(done);
        e.b.place(again);
        e.cloneMount(clone, empty, false);
        e.attach(clone, found);
        e.b.place(done);
    }

    private static OnError absentGoesTo(Label label) {
        return OnError.FAIL.jump(ErrorNumber.ENOENT, label);
    }
}
