package dev.gantry.runtime.cgroup;

import java.util.List;

/// A value of a control file.
///
/// @param controller what the file belongs to
/// @param choices the value, for the first of these files that the kernel has
/// @param item what of the specification asks for it
/// @param lacking what happens if the kernel has none of the files, though the controller is there
record Setting(String controller, List<Choice> choices, String item, Lacking lacking) {
    /// Of a file and what is written to it.
    record Choice(String file, String value) {}

    /// What a kernel that cannot limit something does to the container.
    enum Lacking {
        /// It is not started: who relies on the limit must not be deceived.
        REFUSED,
        /// It is started without the limit, with a warning, as Docker does.
        DISCARDED,
        /// It is started: the file only refines another one.
        FINE
    }

    Setting {
        choices = List.copyOf(choices);
    }

    static Setting of(String file, String value, String item, Lacking lacking) {
        return of(List.of(new Choice(file, value)), item, lacking);
    }

    /// The controller is what the first file's name begins with.
    static Setting of(List<Choice> choices, String item, Lacking lacking) {
        String file = choices.getFirst().file();
        return new Setting(file.substring(0, file.indexOf('.')), choices, "linux.resources." + item, lacking);
    }
}
