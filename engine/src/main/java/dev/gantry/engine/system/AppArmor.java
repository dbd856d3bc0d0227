package dev.gantry.engine.system;

import java.nio.file.Path;

/// Whether containers can be confined by AppArmor; apparmor(7).
///
/// @param on in this kernel
/// @param loaded whether the kernel has the profile [#PROFILE]
record AppArmor(boolean on, boolean loaded) {
    /// Docker's name for the profile of containers.
    static final String PROFILE = "docker-default";

    static AppArmor read(Path sys) {
        boolean on = ProcFiles.text(sys.resolve("module/apparmor/parameters/enabled"))
                .filter("Y"::equals)
                .isPresent();
        boolean loaded = ProcFiles.text(sys.resolve("kernel/security/apparmor/profiles")).stream()
                .flatMap(String::lines)
                .anyMatch(line -> line.startsWith(PROFILE + " "));
        return new AppArmor(on, loaded);
    }

    /// The profile of containers; empty if there is none, because the kernel refuses one that it does not have.
    String profile() {
        return on && loaded ? PROFILE : "";
    }
}
