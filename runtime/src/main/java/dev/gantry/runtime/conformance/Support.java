package dev.gantry.runtime.conformance;

import dev.gantry.oci.runtime.Hooks;
import dev.gantry.oci.runtime.Linux;
import dev.gantry.oci.runtime.Mount;
import dev.gantry.oci.runtime.Namespace;
import dev.gantry.oci.runtime.Process;
import dev.gantry.oci.runtime.Root;
import dev.gantry.oci.runtime.Spec;
import dev.gantry.runtime.launch.RefusedException;
import dev.gantry.runtime.mount.MountOptions;
import dev.gantry.runtime.mount.UnsupportedOptionException;
import dev.gantry.runtime.refusal.UnsupportedItem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Refuses by its name what a specification asks for and this runtime does not do, so that nothing is ignored.
/// docs/conformance.md lists every item of the specification.
public final class Support {
    /// What the kernel offers AppArmor's confinement through.
    private static final Path APPARMOR = Path.of("/sys/kernel/security/apparmor");

    private Support() {}

    /// Checks a container's specification.
    public static void check(Spec spec) throws RefusedException {
        for (String platform : spec.otherPlatforms().keySet()) {
            if (List.of("vm", "zos", "windows", "solaris", "freebsd").contains(platform)) {
                throw new RefusedException(platform, UnsupportedItem.OTHER_PLATFORMS, platform);
            }
        }
        for (Mount mount : spec.mounts()) {
            if (mount.place().equals("/")) {
                throw new RefusedException("mounts.destination", UnsupportedItem.MOUNT_ON_ROOT, mount.destination());
            }
        }
        Process process = spec.process();
        if (process != null) {
            check(process);
        }
        Linux linux = spec.linux();
        if (linux != null) {
            check(linux);
            if (joinsTree(linux)) {
                checkUntouched(spec, linux);
            }
        }
        check(spec.hooks());
    }

    /// What is asked for and changes nothing, as with runc: options of a file system on a bind mount of it.
    public static List<String> withoutEffect(Spec spec) {
        List<String> warnings = new ArrayList<>();
        for (Mount mount : spec.mounts()) {
            List<String> nothing = optionsOfFileSystem(mount);
            if (!nothing.isEmpty()) {
                warnings.add(mount.destination() + ": option " + nothing + " means nothing for a bind mount");
            }
        }
        return warnings;
    }

    private static List<String> optionsOfFileSystem(Mount mount) {
        List<String> found = new ArrayList<>();
        if (!mount.isBind()) {
            return found;
        }
        try {
            MountOptions options = MountOptions.parse(mount.options());
            found.addAll(options.data());
            found.addAll(options.superblock());
        } catch (UnsupportedOptionException _) {
            // the compiler refuses it
        }
        return found;
    }

    private static void check(Process process) throws RefusedException {
        refuse(process.selinuxLabel(), UnsupportedItem.SELINUX_LABEL);
        String profile = process.apparmorProfile();
        if (profile != null && !profile.isEmpty() && !profile.equals("unconfined") && !Files.isDirectory(APPARMOR)) {
            throw refused("process.apparmorProfile", "this host has no AppArmor");
        }
    }

    private static void check(Linux linux) throws RefusedException {
        refuse(linux.mountLabel(), UnsupportedItem.MOUNT_LABEL);
        if (linux.intelRdt() != null) {
            throw refused(UnsupportedItem.INTEL_RDT);
        }
        if (!linux.netDevices().isEmpty()) {
            throw refused(UnsupportedItem.NET_DEVICES);
        }
        for (String clock : linux.timeOffsets().keySet()) {
            if (!List.of("monotonic", "boottime").contains(clock)) {
                throw refused("linux.timeOffsets", "clock \"" + clock + "\" is not known to time namespaces");
            }
        }
        boolean ownTime =
                linux.namespaces().stream().anyMatch(each -> each.type() == Namespace.Type.TIME && each.path() == null);
        if (!linux.timeOffsets().isEmpty() && !ownTime) {
            throw refused("linux.timeOffsets", "they need a new time namespace");
        }
    }

    private static boolean joinsTree(Linux linux) {
        return linux.namespaces().stream().anyMatch(each -> each.type() == Namespace.Type.MOUNT && each.path() != null);
    }

    /// In a mount namespace that is joined nothing is mounted, masked or made: it is somebody else's.
    private static void checkUntouched(Spec spec, Linux linux) throws RefusedException {
        Root root = spec.root();
        boolean changed = !spec.mounts().isEmpty()
                || !linux.devices().isEmpty()
                || !linux.maskedPaths().isEmpty()
                || !linux.readonlyPaths().isEmpty()
                || linux.rootfsPropagation() != null
                || (root != null && root.readonly());
        if (changed) {
            throw refused(UnsupportedItem.CHANGED_TREE);
        }
    }

    private static void check(@Nullable Hooks hooks) throws RefusedException {
        if (hooks == null) {
            return;
        }
        for (List<Hooks.Hook> each : List.of(
                hooks.prestart(),
                hooks.createRuntime(),
                hooks.createContainer(),
                hooks.startContainer(),
                hooks.poststart(),
                hooks.poststop())) {
            for (Hooks.Hook hook : each) {
                if (!hook.path().startsWith("/")) {
                    throw refused("hooks", "path \"" + hook.path() + "\" is not absolute");
                }
            }
        }
    }

    private static void refuse(@Nullable String value, UnsupportedItem item) throws RefusedException {
        if (value != null && !value.isEmpty()) {
            throw refused(item);
        }
    }

    private static RefusedException refused(UnsupportedItem item) {
        return new RefusedException(item.item(), item);
    }

    private static RefusedException refused(String item, String reason) {
        return new RefusedException(item, item + " is not supported: " + reason);
    }
}
