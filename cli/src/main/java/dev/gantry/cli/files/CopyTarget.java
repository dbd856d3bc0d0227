package dev.gantry.cli.files;

import dev.gantry.cli.command.CommandException;
import org.jspecify.annotations.Nullable;

/// Where an archive is unpacked, and what its first member is called then.
///
/// @param directory is there
/// @param name null leaves it as it is
record CopyTarget(String directory, @Nullable String name) {
    /// A place to copy to.
    ///
    /// @param path without links at its end
    record Place(String path, boolean exists, boolean isDirectory) {}

    /// Docker's rules of what `cp` makes of a source and a destination.
    static CopyTarget of(boolean directory, Place place) throws CommandException {
        if (place.exists() && place.isDirectory()) {
            return new CopyTarget(place.path(), null);
        }
        if (place.exists() && directory) {
            throw new CommandException("cannot copy directory");
        }
        if (!place.exists() && !directory && PathEnd.isDirectory(place.path())) {
            throw new CommandException("no such directory");
        }
        return new CopyTarget(PathEnd.directory(place.path()), PathEnd.base(place.path()));
    }

    /// A name of the archive as it is unpacked.
    ///
    /// @param root what the first member is called, and the others begin with
    static String renamed(String name, String root, String other) {
        String old = root.equals("/") ? "" : root;
        return name.startsWith(old) ? other + name.substring(old.length()) : name;
    }
}
